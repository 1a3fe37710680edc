import { verb, type Noun } from '../entry.ts';

const config: Noun = {
  brief: 'Keep the addresses and keys of routers',
  alone: 'show',
  entries: {
    init: verb('Make the configuration file', [], async () => (await import('./config.ts')).init),
    add: verb('Add a context', [], async () => (await import('./config.ts')).add),
    use: verb('Make a context the current one', [], async () => (await import('./config.ts')).use),
    show: verb('Show the contexts, without their keys', [], async () => (await import('./config.ts')).show),
  },
};

export const localEntries = {
  completion: verb(
    'Print the script that lets a shell complete commands, flags, ids and names of tools',
    [],
    async () => (await import('./completion.ts')).completion,
  ),
  config,
  health: verb(
    'Tell whether the router is up and ready',
    [],
    async () => (await import('./health.ts')).health,
  ),
  errors: verb(
    'Explain the codes of errors',
    ['error.list'],
    async () => (await import('./errors.ts')).errors,
  ),
};
