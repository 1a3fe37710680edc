import type { Guarantee } from './guarantee.ts';

/** What whoever runs a mesh may count on. */
export const OPERATIONS = {
  'restore.nothing-twice': {
    says: 'a backup of a router under load brings back all it held, and nothing takes effect twice',
    from: 'reliability',
  },
  'restore.goes-on': {
    says: 'after a restore agents come back by themselves, and new work runs within 10 s',
    from: 'reliability',
  },
  'crash.upkeep': {
    says: 'a router that dies while it cuts its journal, and a restore that dies at any point, can be done again',
    from: 'reliability',
  },
  'restore.strays': {
    says: 'after a restore a run that the router knows nothing of is ended, its end is journalled, and its agent is not blamed',
    from: 'reliability',
  },
  'metrics.count': { says: 'metrics count what happened, and nothing of another project', from: 'api' },
  'logs.no-secrets': {
    says: 'no secret, no argument and no output stands in a log, a metric or the journal',
    from: 'reliability',
  },
  'traces.whole': {
    says: 'one trace connects the request, the call, its dispatch, the run on the agent and the tool',
    from: 'api',
  },
} as const satisfies Record<string, Guarantee>;
