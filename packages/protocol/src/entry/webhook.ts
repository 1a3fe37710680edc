import { z } from 'zod';
import { DeliveryId, EntryId } from '../id.ts';
import { row } from './row.ts';

const HOOK = {
  origin: z.string().describe('Scheme and host of its URL: paths may hold secrets'),
  events: z.array(z.string()).describe('The events it asks for; none is all'),
  enabled: z.boolean().describe('Whether anything is sent'),
};

/** What the journal hears of webhooks. */
export const WEBHOOK_ENTRIES = {
  'webhook.created': row(null, HOOK),
  'webhook.updated': row(null, {
    ...HOOK,
    because: z.string().optional().describe('Why the router switched it off by itself'),
  }),
  'webhook.deleted': row(null, HOOK),
  'webhook.rotated': row(null, HOOK),
  'webhook.redelivered': row(null, {
    delivery_id: DeliveryId.describe('The new delivery'),
    again: DeliveryId.describe('The delivery that it repeats'),
    event_id: EntryId.describe('The entry that is sent once more'),
    event: z.string().describe('What it is sent as'),
  }),
} as const;
