import { z } from 'zod';
import { deletionOf } from '../deletion.ts';
import { Webhook, WEBHOOK_EVENTS, WebhookDelivery, WebhookTest } from '../entity/webhook.ts';
import { DeliveryId, WebhookId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { DELIVERY_STATUSES } from '../state/delivery.ts';
import { operation } from './operation.ts';

const Url = z.string().min(1).max(2048);
const Description = z.string().min(1).max(500);
const Event = z.enum(WEBHOOK_EVENTS);
const Events = z.array(Event).min(1).max(100);

/** Printable and long enough not to be guessed. */
const Secret = z.string().regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 printable characters, no space');

export const listWebhooks = operation({
  id: 'webhook.list',
  method: 'GET',
  path: '/webhooks',
  scope: 'management',
  summary: 'List webhooks, newest first',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape }),
  output: pageOf(Webhook, 'WebhookList'),
  errors: [],
});

export const createWebhook = operation({
  id: 'webhook.create',
  method: 'POST',
  path: '/webhooks',
  scope: 'management',
  summary: 'Have the events of the project sent to a URL from now on',
  answers: 'json',
  status: 201,
  input: z.strictObject({
    url: Url,
    events: Events.nullable().default(null),
    description: Description.optional(),
    secret: Secret.optional(),
  }),
  output: Webhook,
  errors: ['invalid_state'],
});

export const getWebhook = operation({
  id: 'webhook.get',
  method: 'GET',
  path: '/webhooks/:id',
  scope: 'management',
  summary: 'Read a webhook',
  answers: 'json',
  input: z.strictObject({ id: WebhookId }),
  output: Webhook,
  errors: ['webhook_not_found'],
});

export const updateWebhook = operation({
  id: 'webhook.update',
  method: 'PATCH',
  path: '/webhooks/:id',
  scope: 'management',
  summary: 'Change a webhook, or switch it off and on; what is left out stays',
  answers: 'json',
  input: z.strictObject({
    id: WebhookId,
    url: Url.optional(),
    events: Events.nullable().optional(),
    description: Description.nullable().optional(),
    enabled: z.boolean().optional(),
  }),
  output: Webhook,
  errors: ['webhook_not_found'],
});

export const deleteWebhook = operation({
  id: 'webhook.delete',
  method: 'DELETE',
  path: '/webhooks/:id',
  scope: 'management',
  summary: 'Delete a webhook and its deliveries',
  answers: 'json',
  input: z.strictObject({ id: WebhookId }),
  output: deletionOf('webhook', WebhookId),
  errors: ['webhook_not_found'],
});

export const testWebhook = operation({
  id: 'webhook.test',
  method: 'POST',
  path: '/webhooks/:id/test',
  scope: 'management',
  summary: 'Send an exec.test event now, and tell what came of it',
  answers: 'json',
  input: z.strictObject({ id: WebhookId }),
  output: WebhookTest,
  errors: ['webhook_not_found'],
});

export const rotateWebhookSecret = operation({
  id: 'webhook.rotate_secret',
  method: 'POST',
  path: '/webhooks/:id/rotate-secret',
  scope: 'management',
  summary: 'Sign with another secret from now on',
  answers: 'json',
  input: z.strictObject({ id: WebhookId, secret: Secret.optional() }),
  output: Webhook,
  errors: ['webhook_not_found'],
});

export const listWebhookDeliveries = operation({
  id: 'webhook.deliveries',
  method: 'GET',
  path: '/webhooks/:id/deliveries',
  scope: 'management',
  summary: 'List the deliveries of a webhook, newest first',
  answers: 'json',
  input: z.strictObject({
    id: WebhookId,
    ...PageQuery.shape,
    status: z.enum(DELIVERY_STATUSES).optional(),
    event: Event.optional(),
  }),
  output: pageOf(WebhookDelivery, 'WebhookDeliveryList'),
  errors: ['webhook_not_found'],
});

export const redeliverWebhook = operation({
  id: 'webhook.redeliver',
  method: 'POST',
  path: '/webhooks/:id/deliveries/:delivery_id/redeliver',
  scope: 'management',
  summary: 'Send the event of a delivery once more, as a new delivery',
  answers: 'json',
  status: 201,
  input: z.strictObject({ id: WebhookId, delivery_id: DeliveryId }),
  output: WebhookDelivery,
  errors: ['webhook_not_found', 'invalid_state'],
});
