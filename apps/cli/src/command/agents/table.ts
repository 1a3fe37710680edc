import { verb, type Noun } from '../entry.ts';

const joinKeys: Noun = {
  brief: 'Mint and revoke the keys that agents enrol with',
  alone: 'list',
  entries: {
    list: verb('List join keys', ['join_key.list'], async () => (await import('./join-keys.ts')).list),
    create: verb('Mint a join key', ['join_key.create'], async () => (await import('./join-keys.ts')).create),
    revoke: verb(
      'Revoke a join key',
      ['join_key.revoke'],
      async () => (await import('./join-keys.ts')).revoke,
    ),
  },
};

export const agentsNoun: Noun = {
  brief: 'See agents and let new ones in',
  alone: 'list',
  withId: { pattern: /^agt_/, word: 'show' },
  entries: {
    list: verb('List agents', ['agent.list'], async () => (await import('./list.ts')).list),
    show: verb('Show an agent', ['agent.get'], async () => (await import('./show.ts')).show),
    manifest: verb(
      'Show the tools and workspaces an agent published',
      ['agent.manifest'],
      async () => (await import('./show.ts')).manifest,
    ),
    environment: verb(
      'Show what an agent told of its host',
      ['agent.environment'],
      async () => (await import('./show.ts')).environment,
    ),
    connectivity: verb(
      'Show how an agent is connected',
      ['agent.connectivity'],
      async () => (await import('./show.ts')).connectivity,
    ),
    enroll: verb(
      'Make this host an agent',
      ['join_key.create'],
      async () => (await import('./enroll.ts')).enroll,
    ),
    'resolve-conflict': verb(
      'Say which of two agents has a name',
      ['agent.resolve_conflict', 'agent.get', 'agent.list'],
      async () => (await import('./resolve-conflict.ts')).resolveConflict,
    ),
    events: verb(
      'List what happened to an agent, newest first',
      ['agent.events'],
      async () => (await import('./standing.ts')).events,
    ),
    'pause-exec': verb(
      'Give an agent no new work',
      ['agent.pause'],
      async () => (await import('./standing.ts')).pauseExec,
    ),
    'resume-exec': verb(
      'Give an agent work again',
      ['agent.resume'],
      async () => (await import('./standing.ts')).resumeExec,
    ),
    update: verb(
      'Change what is kept of an agent',
      ['agent.update'],
      async () => (await import('./standing.ts')).update,
    ),
    'curve-rotate': verb(
      'Ask an agent for a new CURVE key',
      ['agent.curve_rotate'],
      async () => (await import('./curve-rotate.ts')).curveRotate,
    ),
    'accept-manifest': verb(
      'Let changed tools of an agent stand',
      ['agent.accept_manifest'],
      async () => (await import('./accept-manifest.ts')).acceptManifest,
    ),
    evict: verb(
      'Put an agent out; its host may come back as a new one',
      ['agent.evict', 'agent.get'],
      async () => (await import('./put-out.ts')).evict,
    ),
    'revoke-credentials': verb(
      'Put an agent out whose keys others may know',
      ['agent.revoke_credentials', 'agent.get'],
      async () => (await import('./put-out.ts')).revokeCredentials,
    ),
    ban: verb(
      'Put an agent out for good, and its keys with it',
      ['agent.ban', 'agent.get'],
      async () => (await import('./put-out.ts')).ban,
    ),
    delete: verb(
      'Retire an agent that is needed no more',
      ['agent.delete', 'agent.get'],
      async () => (await import('./put-out.ts')).remove,
    ),
    'join-keys': joinKeys,
  },
};
