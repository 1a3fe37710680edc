import { verb, type Noun } from '../entry.ts';

export const journalNoun: Noun = {
  brief: 'Read the journal and check its chain',
  entries: {
    list: verb('List journal entries', ['journal.list'], async () => (await import('./list.ts')).list),
    verify: verb(
      'Walk the hash chain of the project',
      ['journal.verify'],
      async () => (await import('./verify.ts')).verify,
    ),
  },
};
