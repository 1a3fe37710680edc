import { verb, type Noun } from '../entry.ts';

export const exportsNoun: Noun = {
  brief: 'Take executions and the journal out, as lines of JSON',
  entries: {
    executions: verb(
      'Export executions with their invocations',
      ['export.executions'],
      async () => (await import('./executions.ts')).executions,
    ),
    journal: verb(
      'Export the journal for somebody else to verify',
      ['export.journal'],
      async () => (await import('./journal.ts')).journal,
    ),
  },
};
