import { expect, test } from 'vitest';
import { createAdmission } from './admission.ts';

const ORDER = { agent_id: 'agt_1', workspace_id: 'ws_1', project_id: 'prj_1' };

type Prepare = (admission: ReturnType<typeof createAdmission>) => void;

interface Host {
  readonly isLeased?: boolean;
  readonly serves?: boolean;
  readonly inFlight?: number;
  readonly prepare?: Prepare;
}

function refusalOn({ isLeased = true, serves = true, inFlight = 0, prepare }: Host) {
  const admission = createAdmission({ slots: 2, isLeased: () => isLeased, serves: () => serves });
  prepare?.(admission);
  return admission.refusalOf(ORDER, inFlight);
}

const pause =
  (scope: 'agent' | 'workspace' | 'project', id: string): Prepare =>
  (admission) =>
    admission.pause({ scope, id });

test.each<[string, Host, string]>([
  ['for a workspace it does not serve', { serves: false }, 'unknown_workspace'],
  ['without a lease', { isLeased: false }, 'paused'],
  ['when every slot is taken', { inFlight: 2 }, 'slots'],
  ['while it stops', { prepare: (admission) => admission.drain() }, 'draining'],
  ['while it is paused', { prepare: pause('agent', 'agt_1') }, 'paused'],
  ['while the workspace is paused', { prepare: pause('workspace', 'ws_1') }, 'paused'],
  ['while the project is paused', { prepare: pause('project', 'prj_1') }, 'paused'],
])('admission refuses an order %s', (_when, host, reason) => {
  expect(refusalOn(host)?.reason).toBe(reason);
});

test.each<[string, Prepare]>([
  ['with room', () => undefined],
  ['under the pause of another workspace', pause('workspace', 'ws_2')],
  [
    'after its pause was resumed',
    (admission) => {
      admission.pause({ scope: 'workspace', id: 'ws_1' });
      admission.resume({ scope: 'workspace', id: 'ws_1' });
    },
  ],
  [
    'in a new session that was told of no pause',
    (admission) => {
      admission.pause({ scope: 'agent', id: 'agt_1' });
      admission.forgetPauses();
    },
  ],
])('admission lets an order in %s', (_when, prepare) => {
  expect(refusalOn({ prepare })).toBeNull();
});
