import { verb, type Noun } from '../entry.ts';
import { policiesNoun } from './policies/table.ts';

export const approvalsNoun: Noun = {
  brief: 'Decide calls that wait for a human',
  entries: {
    list: verb('List approvals', ['approval.list'], async () => (await import('./list.ts')).list),
    show: verb('Show an approval', ['approval.get'], async () => (await import('./show.ts')).show),
    approve: verb(
      'Let a waiting call run',
      ['approval.approve'],
      async () => (await import('./approve.ts')).approve,
    ),
    reject: verb(
      'Refuse a waiting call',
      ['approval.reject'],
      async () => (await import('./reject.ts')).reject,
    ),
    'break-glass': verb(
      'Let a waiting call run alone, in an emergency',
      ['approval.break_glass'],
      async () => (await import('./break-glass.ts')).breakGlass,
    ),
    link: verb(
      'Let a named reviewer decide by a one-time link',
      ['approval.link'],
      async () => (await import('./link.ts')).link,
    ),
    links: verb(
      'List the one-time links to an approval',
      ['approval.links'],
      async () => (await import('./link.ts')).links,
    ),
    watch: verb(
      'Show approvals as they are asked for',
      ['approval.list', 'execution.stream'],
      async () => (await import('./watch.ts')).watch,
    ),
    policies: policiesNoun,
  },
};
