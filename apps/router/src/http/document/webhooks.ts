import { WebhookBody } from '@xem/protocol';
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';

const Headers = z.object({
  'X-Webhook-Id': z
    .string()
    .meta({ description: 'The id of the event: the same each time that it is sent.' }),
  'X-Webhook-Timestamp': z.string().meta({ description: 'Seconds since 1970.' }),
  'X-Webhook-Signature': z.string().meta({
    description: '`sha256=` and the HMAC-SHA256, in hex, of the timestamp, a dot and the body.',
  }),
});

/** The request that receivers of webhooks are sent. */
export const WEBHOOK_REQUESTS: ZodOpenApiPathsObject = {
  event: {
    post: {
      operationId: 'webhook.event',
      summary: 'An event, sent to a webhook',
      description: 'At least once, and in order of the call, agent or workspace that it is about.',
      tags: ['webhooks'],
      security: [],
      requestParams: { header: Headers },
      requestBody: { content: { 'application/json': { schema: WebhookBody } } },
      responses: {
        '2XX': { description: 'The event is kept.' },
        '4XX': { description: 'The event is sent again later, as after any other answer.' },
      },
    },
  },
};
