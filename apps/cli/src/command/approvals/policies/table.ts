import { verb, type Noun } from '../../entry.ts';

export const policiesNoun: Noun = {
  brief: 'See and set who must agree to what',
  alone: 'list',
  withId: { pattern: /^pol_/, word: 'show' },
  entries: {
    list: verb('List the policies in force', ['policy.list'], async () => (await import('./list.ts')).list),
    show: verb('Show a policy', ['policy.get'], async () => (await import('./show.ts')).show),
    versions: verb(
      'List the versions of a policy',
      ['policy.versions'],
      async () => (await import('./versions.ts')).versions,
    ),
    set: verb(
      'Set the policy of a workspace or of the project',
      ['policy.put'],
      async () => (await import('./set.ts')).set,
    ),
    delete: verb(
      'Delete the policy of a workspace',
      ['policy.delete'],
      async () => (await import('./delete.ts')).remove,
    ),
  },
};
