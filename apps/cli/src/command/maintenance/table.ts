import { verb, type Noun } from '../entry.ts';

export const maintenanceNoun: Noun = {
  brief: 'Announce maintenance, and keep new calls out while it lasts',
  alone: 'list',
  entries: {
    list: verb(
      'List maintenance windows',
      ['maintenance.list'],
      async () => (await import('./list.ts')).list,
    ),
    show: verb('Show a window', ['maintenance.get'], async () => (await import('./show.ts')).show),
    create: verb(
      'Announce a window',
      ['maintenance.create'],
      async () => (await import('./create.ts')).create,
    ),
    update: verb('Change a window', ['maintenance.update'], async () => (await import('./update.ts')).update),
    start: verb(
      'Start a window before its time',
      ['maintenance.start'],
      async () => (await import('./step.ts')).start,
    ),
    complete: verb(
      'End a window that is in progress',
      ['maintenance.complete'],
      async () => (await import('./step.ts')).complete,
    ),
    cancel: verb(
      'Call a window off, or break it off',
      ['maintenance.cancel'],
      async () => (await import('./step.ts')).cancel,
    ),
  },
};
