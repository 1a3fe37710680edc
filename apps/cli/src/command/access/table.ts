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
  brief: 'Mint, change, rotate and revoke API keys',
  alone: 'list',
  entries: {
    list: verb('List API keys', ['api_key.list'], async () => (await import('./keys.ts')).list),
    show: verb('Show an API key', ['api_key.get'], async () => (await import('./keys.ts')).show),
    create: verb('Mint an API key', ['api_key.create'], async () => (await import('./keys.ts')).create),
    rotate: verb(
      'Replace an API key by one with the same rights',
      ['api_key.rotate'],
      async () => (await import('./keys.ts')).rotate,
    ),
    quota: verb(
      'Set how many requests an API key may send',
      ['api_key.quota'],
      async () => (await import('./keys.ts')).quota,
    ),
    'ip-filter': verb(
      'Set the addresses an API key may be used from',
      ['api_key.ip_filter'],
      async () => (await import('./keys.ts')).ipFilter,
    ),
    endpoints: verb(
      'Pin an API key to some operations',
      ['api_key.endpoints'],
      async () => (await import('./keys.ts')).endpoints,
    ),
    revoke: verb('Revoke an API key', ['api_key.revoke'], async () => (await import('./keys.ts')).revoke),
  },
};

const principals: Noun = {
  brief: 'See, make and change the humans and services of the project',
  alone: 'list',
  entries: {
    list: verb(
      'List humans and services',
      ['principal.list'],
      async () => (await import('./principals.ts')).list,
    ),
    show: verb(
      'Show a human or a service',
      ['principal.get'],
      async () => (await import('./principals.ts')).show,
    ),
    create: verb(
      'Make a human or a service',
      ['principal.create'],
      async () => (await import('./principals.ts')).create,
    ),
    update: verb(
      'Rename a human or a service, or put it in other groups',
      ['principal.update'],
      async () => (await import('./principals.ts')).update,
    ),
    disable: verb(
      'Shut a human or a service out',
      ['principal.update'],
      async () => (await import('./principals.ts')).disable,
    ),
    enable: verb(
      'Let a human or a service in again',
      ['principal.update'],
      async () => (await import('./principals.ts')).enable,
    ),
    'sign-in-link': verb(
      'Make the sign-in link of a human anew',
      ['principal.sign_in_link'],
      async () => (await import('./principals.ts')).signInLink,
    ),
  },
};

export const accessNouns = { auth, keys, principals };
