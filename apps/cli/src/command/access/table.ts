import { verb, type Noun } from '../entry.ts';

const auth: Noun = {
  brief: 'See who you are to the router',
  entries: {
    whoami: verb(
      'Show what the key is and may do',
      ['auth.whoami'],
      async () => (await import('./whoami.ts')).whoami,
    ),
  },
};

const keys: Noun = {
  brief: 'Mint and revoke API keys',
  alone: 'list',
  entries: {
    list: verb('List API keys', ['api_key.list'], async () => (await import('./keys.ts')).list),
    create: verb('Mint an API key', ['api_key.create'], async () => (await import('./keys.ts')).create),
    revoke: verb('Revoke an API key', ['api_key.revoke'], async () => (await import('./keys.ts')).revoke),
  },
};

const principals: Noun = {
  brief: 'See and make the humans and services of the project',
  alone: 'list',
  entries: {
    list: verb(
      'List humans and services',
      ['principal.list'],
      async () => (await import('./principals.ts')).list,
    ),
    create: verb(
      'Make a human or a service',
      ['principal.create'],
      async () => (await import('./principals.ts')).create,
    ),
  },
};

export const accessNouns = { auth, keys, principals };
