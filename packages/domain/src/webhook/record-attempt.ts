import { DAY_MS, deliveryMachine } from '@xem/protocol';
import type { IdSource } from '@xem/runtime';
import type { DeliveryRecord, WebhookRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { internalOperation, systemContext, type Services } from '../context.ts';
import { mutate, type Change } from '../mutate.ts';
import { webhookFact } from './facts.ts';
import { moveUp } from './line.ts';
import type { AttemptOutcome } from './message.ts';
import { applySwitch } from './switch.ts';

const recordDelivery = internalOperation('webhook.record_attempt');

const ATTEMPTS_MAX = 6;
const FIRST_DELAY_MS = 2000;
const FACTOR = 8;

/** A delay may be this share of itself longer or shorter. */
const JITTER = 0.2;

/** A webhook that nothing reached for so long is switched off. */
const FAILING_MS = 3 * DAY_MS;

type Needs = Pick<Services, 'store' | 'clock' | 'ids' | 'subscriptions'>;

/** How long to wait after so many attempts: 2 s, 16 s, 2 min, 17 min, 2.3 h, each a fifth more or less. */
export function retryDelayMs(attempts: number, ids: Pick<IdSource, 'bytes'>): number {
  const share = ids.bytes(4).readUInt32BE() / 0xffff_ffff;
  return Math.round(FIRST_DELAY_MS * FACTOR ** (attempts - 1) * (1 - JITTER + 2 * JITTER * share));
}

function afterAttempt(
  { clock, ids }: Needs,
  row: DeliveryRecord,
  { responseStatus, error }: AttemptOutcome,
): DeliveryRecord {
  const now = clock.now();
  const attempts = row.attempts + 1;
  const tried = { ...row, attempts, responseStatus, error };
  if (error !== null && attempts < ATTEMPTS_MAX) {
    return { ...advance(deliveryMachine, tried, 'retry'), nextAttemptAt: now + retryDelayMs(attempts, ids) };
  }
  const ended = advance(deliveryMachine, tried, error === null ? 'deliver' : 'giveUp');
  return { ...ended, nextAttemptAt: null, endedAt: now };
}

/** How a webhook stands after an attempt: one that gives up after days without any success is switched off. */
function standingAfter(hook: WebhookRecord, { status, error }: DeliveryRecord, now: number): WebhookRecord {
  if (error === null) return { ...hook, lastDeliveredAt: now, failingSince: null };
  const failingSince = hook.failingSince ?? now;
  const isGivenUp = status === 'failed' && failingSince <= now - FAILING_MS;
  return { ...hook, failingSince, enabled: hook.enabled && !isGivenUp };
}

/** Writes down on a webhook how its last attempt went. */
async function noteOn(ctx: Needs, tx: WriteTx, row: DeliveryRecord): Promise<Change<DeliveryRecord>> {
  const hook = await tx.webhooks.get(row.projectId, row.webhookId);
  if (!hook) return { result: row, facts: [] };
  const saved = await tx.webhooks.save(standingAfter(hook, row, ctx.clock.now()));
  if (saved.enabled === hook.enabled) return { result: row, facts: [] };
  await applySwitch(ctx, tx, saved);
  return {
    result: row,
    facts: [webhookFact('webhook.updated', saved, { because: 'failing for three days' })],
    committed: () => ctx.subscriptions.keep(saved),
  };
}

/** Writes down what came of an attempt. A delivery that was ended or removed meanwhile stays as it is. */
export const recordAttempt = (
  services: Needs,
  { id, projectId }: Pick<DeliveryRecord, 'id' | 'projectId'>,
  outcome: AttemptOutcome,
): Promise<DeliveryRecord | null> =>
  mutate(systemContext(services, projectId), recordDelivery, async (tx) => {
    const row = await tx.deliveries.get(projectId, id);
    if (row?.status !== 'pending') return { result: row, facts: [] };
    const saved = await tx.deliveries.save(afterAttempt(services, row, outcome));
    if (saved.endedAt !== null) await moveUp(tx, saved, saved.endedAt);
    return noteOn(services, tx, saved);
  });
