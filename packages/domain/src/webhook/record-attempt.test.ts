import { DAY_MS, createWebhook, type WebhookId } from '@xem/protocol';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import type { DeliveryRecord } from '@xem/store';
import { expect, test } from 'vitest';
import { askFor, end, inWorld, servingAgent, start, type TestWorld } from '../testing/index.ts';
import { webhook, workspace } from '../verbs.ts';
import { fanOut } from './fan-out.ts';
import { recordAttempt, retryDelayMs } from './record-attempt.ts';

const OK = { responseStatus: 204, error: null };
const DOWN = { responseStatus: 503, error: 'the target answered 503' };
async function subscribe({ operator }: TestWorld): Promise<WebhookId> {
  const input = createWebhook.input.parse({ url: 'https://hooks.example.com/' });
  return (await webhook.create(operator, input)).id;
}

/** The deliveries of one event of a webhook. */
async function oneEvent(world: TestWorld, id: WebhookId): Promise<DeliveryRecord> {
  await workspace.create(world.operator, { name: 'one' });
  await fanOut(world.services, { id, projectId: world.operator.projectId });
  const [row] = await world.store.read.deliveries.list(id, { status: 'pending' }, { limit: 1 });
  if (!row) throw new Error('nothing was made');
  return row;
}

test('recordAttempt tries six times, each after a longer while, then gives up', () =>
  inWorld(async (world) => {
    const { services, operator, clock, store } = world;
    const id = await subscribe(world);
    const row = await oneEvent(world, id);
    const waits: number[] = [];
    for (let nth = 1; nth < 6; nth += 1) {
      const tried = await recordAttempt(services, row, DOWN);
      expect(tried).toMatchObject({ status: 'pending', attempts: nth, responseStatus: 503 });
      waits.push((tried?.nextAttemptAt ?? 0) - clock.now());
    }
    waits.forEach((wait, nth) => {
      expect(wait).toBeGreaterThanOrEqual(2000 * 8 ** nth * 0.8);
      expect(wait).toBeLessThanOrEqual(2000 * 8 ** nth * 1.2);
    });
    const last = await recordAttempt(services, row, DOWN);
    expect(last).toMatchObject({ status: 'failed', attempts: 6, nextAttemptAt: null, endedAt: clock.now() });
    expect(await recordAttempt(services, row, OK)).toEqual(last);
    const hook = await store.read.webhooks.get(operator.projectId, id);
    expect(hook).toMatchObject({ enabled: true, failingSince: clock.now(), lastDeliveredAt: null });
  }));

test('recordAttempt lets the next event of a subject go when the one before has ended', () =>
  inWorld(async (world) => {
    const { services, operator, clock, store } = world;
    await servingAgent(world);
    const id = await subscribe(world);
    const call = await askFor(world, 'demo_echo');
    await start(world, call);
    await end(world, call);
    await fanOut(services, { id, projectId: operator.projectId });
    const rows = (await store.read.deliveries.list(id, {}, { limit: 9 })).toSorted((a, b) => a.seq - b.seq);
    expect(rows.map(({ eventType, nextAttemptAt }) => [eventType, nextAttemptAt])).toEqual([
      ['exec.dispatched', clock.now()],
      ['exec.completed', null],
    ]);
    const [first, second] = rows;
    if (!first || !second) throw new Error('nothing was made');
    const due = async () => (await store.read.deliveries.due(id, clock.now(), 9)).map((row) => row.id);
    await recordAttempt(services, first, DOWN);
    expect(await due()).toEqual([]);
    await clock.advance(3000);
    await recordAttempt(services, first, OK);
    expect(await due()).toEqual([second.id]);
    const again = await webhook.redeliver(operator, { id, delivery_id: first.id });
    expect(again).toMatchObject({ event_id: first.eventId, status: 'pending', next_attempt_at: null });
    const [entry] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(entry).toMatchObject({
      type: 'webhook.redelivered',
      actor: operator.caller.principal,
      subject: { type: 'webhook', id },
      data: { delivery_id: again.id, again: first.id, event_id: first.eventId, event: first.eventType },
    });
    await recordAttempt(services, second, OK);
    expect(await due()).toEqual([again.id]);
    await expect(webhook.redeliver(operator, { id, delivery_id: again.id })).rejects.toMatchObject({
      code: 'invalid_state',
    });
    const page = await webhook.deliveries(operator, { id, limit: 9, status: 'delivered' });
    expect(page.data.map(({ event }) => event).toSorted()).toEqual(['exec.completed', 'exec.dispatched']);
  }));

test('recordAttempt switches a webhook off that nothing reached for three days', () =>
  inWorld(async (world) => {
    const { services, operator, clock, store } = world;
    const id = await subscribe(world);
    const [first, waiting] = [await oneEvent(world, id), await oneEvent(world, id)];
    await recordAttempt(services, first, DOWN);
    await clock.advance(3 * DAY_MS);
    for (let nth = 1; nth < 6; nth += 1) await recordAttempt(services, first, DOWN);
    expect(await webhook.get(operator, { id })).toMatchObject({ enabled: false });
    expect(services.subscriptions.isEmpty()).toBe(true);
    const { deliveries, journal } = store.read;
    expect(await deliveries.get(operator.projectId, waiting.id)).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: 'the webhook was switched off',
    });
    const [entry] = await journal.list(operator.projectId, {}, { limit: 1 });
    expect(entry).toMatchObject({
      type: 'webhook.updated',
      actor: { kind: 'system' },
      data: { enabled: false, because: 'failing for three days' },
    });
    await expect(webhook.redeliver(operator, { id, delivery_id: first.id })).rejects.toMatchObject({
      code: 'invalid_state',
    });
    const on = await webhook.update(operator, { id, enabled: true });
    expect(on).toMatchObject({ enabled: true, failing_since: null });
  }));

test('recordAttempt forgets that a webhook failed once something gets through', () =>
  inWorld(async (world) => {
    const { services, operator, clock } = world;
    const id = await subscribe(world);
    const row = await oneEvent(world, id);
    await recordAttempt(services, row, DOWN);
    await clock.advance(4 * DAY_MS);
    await recordAttempt(services, row, OK);
    expect(await webhook.get(operator, { id })).toMatchObject({
      failing_since: null,
      last_delivered_at: new Date(clock.now()).toISOString(),
    });
  }));

test('recordAttempt leaves alone what was deleted meanwhile', () =>
  inWorld(async (world) => {
    const id = await subscribe(world);
    const row = await oneEvent(world, id);
    await webhook.delete(world.operator, { id });
    expect(await recordAttempt(world.services, row, OK)).toBeNull();
  }));

test('retryDelayMs spreads the retries of deliveries that failed together', () => {
  const ids = seededIds(virtualClock());
  expect(new Set(Array.from({ length: 20 }, () => retryDelayMs(3, ids))).size).toBeGreaterThan(15);
});
