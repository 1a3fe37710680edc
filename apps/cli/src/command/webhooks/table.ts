import { verb, type Noun } from '../entry.ts';

export const webhooksNoun: Noun = {
  brief: 'Have events sent to programs of your own',
  alone: 'list',
  withId: { pattern: /^whk_/, word: 'show' },
  entries: {
    list: verb('List webhooks', ['webhook.list'], async () => (await import('./webhooks.ts')).list),
    show: verb('Show a webhook', ['webhook.get'], async () => (await import('./webhooks.ts')).show),
    create: verb(
      'Have events sent to a URL',
      ['webhook.create'],
      async () => (await import('./webhooks.ts')).create,
    ),
    update: verb(
      'Change a webhook, or switch it off and on',
      ['webhook.update'],
      async () => (await import('./webhooks.ts')).update,
    ),
    delete: verb('Delete a webhook', ['webhook.delete'], async () => (await import('./webhooks.ts')).remove),
    test: verb('Send a test call now', ['webhook.test'], async () => (await import('./webhooks.ts')).test),
    'rotate-secret': verb(
      'Sign with another secret',
      ['webhook.rotate_secret'],
      async () => (await import('./webhooks.ts')).rotateSecret,
    ),
    deliveries: verb(
      'List what was sent and is to be sent',
      ['webhook.deliveries'],
      async () => (await import('./deliveries.ts')).deliveries,
    ),
    redeliver: verb(
      'Send an event once more',
      ['webhook.redeliver'],
      async () => (await import('./deliveries.ts')).redeliver,
    ),
  },
};
