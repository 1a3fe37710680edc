import { createHmac } from 'node:crypto';
import { SECOND_MS, type EntryId } from '@xem/protocol';
import type { WebhookRecord } from '@xem/store';
import type { Services } from '../context.ts';

/** A request to a webhook, signed and ready to be sent. */
export interface WebhookMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of an attempt: `error` is null when the target answered 2xx. */
export interface AttemptOutcome {
  readonly responseStatus: number | null;
  readonly error: string | null;
}

interface Draft {
  readonly eventId: EntryId;
  readonly body: string;
}

/** Signs an event for a webhook, as of now. The time is in whole seconds since 1970. */
export function signedMessage(
  { secretBox, clock, settings }: Pick<Services, 'secretBox' | 'clock' | 'settings'>,
  { id, url, secret }: WebhookRecord,
  { eventId, body }: Draft,
): WebhookMessage {
  const timestamp = String(Math.floor(clock.now() / SECOND_MS));
  const hmac = createHmac('sha256', secretBox.open(id, secret)).update(`${timestamp}.${body}`);
  return {
    url,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'User-Agent': `xem-webhooks/${settings.version}`,
      'X-Webhook-Id': eventId,
      'X-Webhook-Timestamp': timestamp,
      'X-Webhook-Signature': `sha256=${hmac.digest('hex')}`,
    },
    body,
  };
}
