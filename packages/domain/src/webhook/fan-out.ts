import { entryTypesOf, webhookEventOf, type JournalEntry } from '@xem/protocol';
import type { WebhookRecord, WriteTx } from '@xem/store';
import { internalOperation, systemContext, type WriteServices } from '../context.ts';
import { mutate } from '../mutate.ts';
import { eventBody, subjectOf } from './event-body.ts';
import { enqueue, newDelivery } from './line.ts';
import type { Subscriber } from './subscriptions.ts';

const fanOutEvents = internalOperation('webhook.fan_out');

/** As many entries become deliveries in one transaction. */
const BATCH = 200;

/** As many deliveries may wait for one webhook; what happens beyond them waits in the journal. */
export const PENDING_MAX = 1000;

/** How far a webhook was brought: whether something is to be sent, whether there is more, and whether it is full. */
export interface FannedOut {
  readonly made: number;
  readonly state: 'abreast' | 'more' | 'full';
}

const NOTHING: FannedOut = { made: 0, state: 'abreast' };

/** The tool of the call that an entry is about: entries say it, but those of routers before did not all. */
async function toolOf(
  tx: WriteTx,
  { project_id: projectId, refs, data }: JournalEntry,
): Promise<string | null> {
  if (typeof data['tool'] === 'string') return data['tool'];
  const call = refs.invocation_id ? await tx.invocations.get(projectId, refs.invocation_id) : null;
  return call?.tool ?? null;
}

/** Puts what an entry is sent as into the line of its subject; false when the webhook does not ask for it. */
async function deliver(
  services: WriteServices,
  tx: WriteTx,
  { hook, entry }: { readonly hook: WebhookRecord; readonly entry: JournalEntry },
): Promise<boolean> {
  const event = webhookEventOf(entry);
  if (event === null || (hook.events.length > 0 && !hook.events.includes(event))) return false;
  const body = JSON.stringify(eventBody({ entry, event, tool: await toolOf(tx, entry) }));
  const { projectId, id: webhookId } = hook;
  const sending = { projectId, webhookId, eventId: entry.id, eventType: event };
  await enqueue(tx, newDelivery(services, { ...sending, subject: subjectOf(entry), seq: entry.seq, body }));
  return true;
}

/**
 * Turns what has happened since the last time into deliveries of one webhook. They and the place in the journal are
 * written in one transaction, so that each entry becomes one delivery whatever crashes.
 */
export const fanOut = (services: WriteServices, { id, projectId }: Subscriber): Promise<FannedOut> =>
  mutate(systemContext(services, projectId), fanOutEvents, async (tx) => {
    const hook = await tx.webhooks.get(projectId, id);
    if (!hook?.enabled) return { result: NOTHING, facts: [] };
    if ((await tx.deliveries.countPending(id)) > PENDING_MAX - BATCH) {
      return { result: { made: 0, state: 'full' }, facts: [] };
    }
    const afterSeq = await tx.cursors.get(id, projectId);
    const types = entryTypesOf(hook.events.length > 0 ? hook.events : null);
    const entries = await tx.journal.ofTypes(projectId, types, { afterSeq, limit: BATCH });
    let made = 0;
    for (const entry of entries) if (await deliver(services, tx, { hook, entry })) made += 1;
    const state = entries.length < BATCH ? 'abreast' : 'more';
    const { seq: head } = await tx.journal.head(projectId);
    const reached = state === 'abreast' ? head : (entries.at(-1)?.seq ?? afterSeq);
    if (reached > afterSeq) await tx.cursors.set(id, projectId, reached);
    return { result: { made, state }, facts: [] };
  });
