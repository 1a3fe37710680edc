import { webhook, workspace, type AttemptOutcome, type WebhookMessage } from '@xem/domain';
import { askFor, end, inWorld, servingAgent, start, type TestWorld } from '@xem/domain/testing';
import { createWebhook, WebhookBody, type WebhookId } from '@xem/protocol';
import { expect, test } from 'vitest';
import type { PostMessage } from '../webhook/post.ts';
import { startWebhooks } from './webhooks.ts';

const OK: AttemptOutcome = { responseStatus: 200, error: null };
const DOWN: AttemptOutcome = { responseStatus: 500, error: 'the target answered 500' };

interface Call {
  readonly url: string;
  readonly event: WebhookBody;
  readonly message: WebhookMessage;
  readonly answer: (outcome: AttemptOutcome) => void;
}

/** Targets whose answers a test gives by hand, or at once. */
function targets(answerOf: (call: Call) => AttemptOutcome | null): { calls: Call[]; post: PostMessage } {
  const calls: Call[] = [];
  const post: PostMessage = (message, signal) =>
    new Promise((resolve) => {
      const event = WebhookBody.parse(JSON.parse(message.body));
      const call = { url: message.url, event, message, answer: resolve };
      calls.push(call);
      signal?.addEventListener('abort', () => resolve(DOWN));
      const outcome = answerOf(call);
      if (outcome) resolve(outcome);
    });
  return { calls, post };
}

async function subscribe({ operator }: TestWorld, url: string): Promise<WebhookId> {
  return (await webhook.create(operator, createWebhook.input.parse({ url }))).id;
}

const STEPS_MAX = 5000;

/** Lets time go on until something holds. */
async function until({ clock }: TestWorld, holds: () => boolean): Promise<void> {
  for (let step = 0; !holds(); step += 1) {
    if (step > STEPS_MAX) throw new Error('what the test waits for did not come');
    await clock.advance(5);
  }
}

const A = 'https://a.example/';
const B = 'https://b.example/';

const eventsOf = (calls: readonly Call[]) => calls.map(({ event }) => event.type);

test('webhooks are sent what is committed, in order of their subject', () =>
  inWorld(async (world) => {
    const { calls, post } = targets(() => OK);
    await servingAgent(world);
    await subscribe(world, A);
    const loop = startWebhooks(world.services, post);
    const call = await askFor(world, 'demo_echo');
    await start(world, call);
    await end(world, call);
    await until(world, () => calls.length === 2);
    await loop.stop();
    expect(eventsOf(calls)).toEqual(['exec.dispatched', 'exec.completed']);
    expect(calls[0]?.message.headers).toMatchObject({ 'X-Webhook-Id': calls[0]?.event.id });
  }));

test('a later event of a subject waits while an earlier one is tried again, and others do not', () =>
  inWorld(async (world) => {
    const failed = new Set<string>();
    const { calls, post } = targets(({ event }) => {
      if (event.type !== 'exec.dispatched' || failed.has(event.id)) return OK;
      failed.add(event.id);
      return DOWN;
    });
    await servingAgent(world);
    await subscribe(world, A);
    const loop = startWebhooks(world.services, post);
    const call = await askFor(world, 'demo_echo');
    await start(world, call);
    await end(world, call);
    const { id: other } = await workspace.create(world.operator, { name: 'other' });
    await world.clock.advance(1000);
    expect(calls.map(({ event }) => [event.type, event.data.workspace_id === other])).toEqual(
      expect.arrayContaining([
        ['exec.dispatched', false],
        ['exec.workspace_created', true],
      ]),
    );
    expect(calls).toHaveLength(2);
    await world.clock.advance(4000);
    await loop.stop();
    const ofCall = calls.filter(({ event }) => event.data.invocation_id === call.id);
    expect(eventsOf(ofCall)).toEqual(['exec.dispatched', 'exec.dispatched', 'exec.completed']);
    expect(ofCall[1]?.event.id).toBe(ofCall[0]?.event.id);
  }));

test('a target that hangs holds up no other, and is given few places', () =>
  inWorld(async (world) => {
    const { calls, post } = targets(({ url }) => (url === A ? null : OK));
    await subscribe(world, A);
    await subscribe(world, B);
    const loop = startWebhooks(world.services, post);
    for (let nth = 0; nth < 40; nth += 1) await workspace.create(world.operator, { name: `w${nth}` });
    await world.clock.advance(1000);
    expect(calls.filter(({ url }) => url === B)).toHaveLength(40);
    const hanging = calls.filter(({ url }) => url === A);
    expect(hanging).toHaveLength(8);
    for (const { answer } of hanging) answer(DOWN);
    await world.clock.advance(1000);
    expect(calls.filter(({ url }) => url === A)).toHaveLength(9);
    for (const { answer } of calls.filter(({ url }) => url === A)) answer(DOWN);
    const stopped = loop.stop();
    await world.clock.advance(10_000);
    await stopped;
  }));

test('webhooks catch up with what happened while the router was down, once each', () =>
  inWorld(async (world) => {
    await subscribe(world, A);
    for (let nth = 0; nth < 3; nth += 1) await workspace.create(world.operator, { name: `w${nth}` });
    const first = targets(() => OK);
    const loop = startWebhooks(world.services, first.post);
    await world.clock.advance(1000);
    await loop.stop();
    expect(first.calls).toHaveLength(3);
    const second = targets(() => OK);
    const again = startWebhooks(world.services, second.post);
    await world.clock.advance(1000);
    await again.stop();
    expect(second.calls).toEqual([]);
  }));

test('what a stop cuts off is sent again with the same event id, and is no attempt', () =>
  inWorld(async (world) => {
    const id = await subscribe(world, A);
    const first = targets(() => null);
    const loop = startWebhooks(world.services, first.post);
    await workspace.create(world.operator, { name: 'cut' });
    await until(world, () => first.calls.length === 1);
    const stopped = loop.stop();
    await world.clock.advance(5000);
    await stopped;
    const [row] = await world.store.read.deliveries.list(id, {}, { limit: 1 });
    expect(row).toMatchObject({ status: 'pending', attempts: 0 });
    const second = targets(() => OK);
    const again = startWebhooks(world.services, second.post);
    await world.clock.advance(1000);
    await again.stop();
    expect(second.calls.map(({ event }) => event.id)).toEqual(first.calls.map(({ event }) => event.id));
  }));

test('a webhook that was left far behind is sent everything', () =>
  inWorld(async (world) => {
    const { calls, post } = targets(() => OK);
    await subscribe(world, A);
    for (let nth = 0; nth < 1100; nth += 1) await workspace.create(world.operator, { name: `w${nth}` });
    const loop = startWebhooks(world.services, post);
    await until(world, () => calls.length >= 1100);
    await loop.stop();
    expect(new Set(calls.map(({ event }) => event.id)).size).toBe(1100);
    expect(calls).toHaveLength(1100);
  }));

test('neither log nor answer holds the secret of a webhook or the path of its URL', () =>
  inWorld(async (world) => {
    const { post } = targets(() => DOWN);
    const made = await webhook.create(
      world.operator,
      createWebhook.input.parse({ url: 'https://a.example/CANARY-PATH', secret: 'CANARY-SECRET-16' }),
    );
    const loop = startWebhooks(world.services, post);
    await workspace.create(world.operator, { name: 'x' });
    await world.clock.advance(1000);
    await loop.stop();
    const page = await webhook.deliveries(world.operator, { id: made.id, limit: 9 });
    expect(page.data).toMatchObject([{ attempts: 1, error: 'the target answered 500' }]);
    expect(JSON.stringify(world.logged)).not.toContain('CANARY');
    expect(JSON.stringify(page)).not.toContain('CANARY');
  }));
