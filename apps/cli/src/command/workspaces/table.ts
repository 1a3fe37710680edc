import { verb, type Noun } from '../entry.ts';

export const workspacesNoun: Noun = {
  brief: 'Make workspaces and bind agents to them',
  alone: 'list',
  withId: { pattern: /^ws_/, word: 'show' },
  entries: {
    list: verb('List workspaces', ['workspace.list'], async () => (await import('./list.ts')).list),
    show: verb('Show a workspace', ['workspace.get'], async () => (await import('./show.ts')).show),
    create: verb('Make a workspace', ['workspace.create'], async () => (await import('./create.ts')).create),
    pause: verb(
      'Hold its queued work; what runs goes on',
      ['workspace.pause'],
      async () => (await import('./pause.ts')).pause,
    ),
    resume: verb('Let its work go on', ['workspace.resume'], async () => (await import('./pause.ts')).resume),
    update: verb(
      'Change a workspace and its limits',
      ['workspace.update'],
      async () => (await import('./update.ts')).update,
    ),
    bind: verb(
      'Let an agent serve a workspace',
      ['workspace.bind'],
      async () => (await import('./bind.ts')).bind,
    ),
    unbind: verb(
      'End the service of an agent to a workspace',
      ['workspace.unbind'],
      async () => (await import('./bind.ts')).unbind,
    ),
    bindings: verb(
      'List the agents bound to a workspace',
      ['workspace.bindings'],
      async () => (await import('./bindings.ts')).bindings,
    ),
  },
};
