import { recordAttempt, signedMessage, type AttemptOutcome, type Services } from '@xem/domain';
import type { DeliveryId, WebhookId } from '@xem/protocol';
import type { DeliveryRecord } from '@xem/store';
import { createErrands } from '../errands.ts';
import { createRetries, type Retries } from '../loops/retries.ts';
import { createRounds } from '../rounds.ts';
import { createLanes } from './lanes.ts';
import type { PostMessage } from './post.ts';

/** A stop lets what is on its way end for so long; then it is cut, and sent again at the next start. */
const STOP_GRACE_MS = 3000;

/** Sends what is due. */
export interface Sender {
  /** Sends what is due for a webhook, as much as there is room for. */
  pump(id: WebhookId): void;
  stop(): Promise<void>;
}

interface SenderParts {
  readonly services: Services;
  readonly post: PostMessage;
}

interface DeliverParts extends SenderParts {
  readonly retries: Retries<DeliveryId>;
}

/** One attempt. A webhook that was deleted meanwhile is sent nothing. */
async function attempt(
  { services, post }: SenderParts,
  row: DeliveryRecord,
  signal: AbortSignal,
): Promise<AttemptOutcome | null> {
  const hook = await services.store.read.webhooks.get(row.projectId, row.webhookId);
  if (!hook) return null;
  try {
    return await post(signedMessage(services, hook, row), signal);
  } catch (err) {
    services.log.error('webhook.unsigned', { webhookId: hook.id, err });
    return { responseStatus: null, error: 'the secret cannot be read; rotate it' };
  }
}

/** Sends one message and writes down what came of it; what was cut by a stop is no attempt. */
async function deliver(parts: DeliverParts, row: DeliveryRecord, signal: AbortSignal): Promise<boolean> {
  const { services, retries } = parts;
  const { id, webhookId, eventId } = row;
  try {
    const outcome = await attempt(parts, row, signal);
    if (outcome === null || signal.aborted) return true;
    const recorded = await recordAttempt(services, row, outcome);
    retries.done(id);
    if (recorded?.status === 'failed')
      services.log.warn('webhook.gave_up', { webhookId, eventId, ...outcome });
    services.log.debug('webhook.attempted', { webhookId, eventId, ...outcome });
    return outcome.error === null;
  } catch (err) {
    retries.failed(id);
    services.log.error('webhook.unrecorded', { webhookId, eventId, err });
    return false;
  }
}

/** A sender that nothing was given to yet. It keeps nothing that the store does not know. */
export function createSender({ services, post }: SenderParts): Sender {
  const { clock, log } = services;
  const lanes = createLanes();
  const errands = createErrands(log);
  const retries = createRetries<DeliveryId>(clock);
  const crowdedOut = new Set<WebhookId>();
  const stopping = new AbortController();
  let stopped = false;
  const launch = async (row: DeliveryRecord): Promise<void> => {
    const delivered = await deliver({ services, post, retries }, row, stopping.signal);
    lanes.end(row, delivered);
    const next = [...crowdedOut, row.webhookId];
    crowdedOut.clear();
    for (const id of next) pump(id);
  };
  const fill = async (id: WebhookId): Promise<void> => {
    const room = lanes.room(id);
    if (stopped || room <= 0) {
      if (lanes.flying(id) === 0) crowdedOut.add(id);
      return;
    }
    const limit = room + lanes.flying(id) + retries.size;
    const rows = await services.store.read.deliveries.due(id, clock.now(), limit);
    const free = rows.filter((row) => !lanes.isFlying(row.id) && retries.isDue(row.id));
    for (const row of free.slice(0, room)) {
      lanes.start(row);
      errands.run('webhook.deliver', () => launch(row));
    }
  };
  const rounds = createRounds<WebhookId>((id) =>
    fill(id).catch((err: unknown) => log.error('webhook.fill_failed', { webhookId: id, err })),
  );
  const pump = (id: WebhookId): void => errands.run('webhook.fill', () => rounds(id));
  return {
    pump,
    stop: async () => {
      stopped = true;
      const cancel = clock.after(STOP_GRACE_MS, () => stopping.abort());
      await errands.drained();
      cancel();
    },
  };
}
