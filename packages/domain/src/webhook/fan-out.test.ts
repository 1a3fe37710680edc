import {
  DAY_MS,
  createWebhook,
  InvocationId,
  WebhookBody,
  type InputOf,
  type WebhookId,
} from '@xem/protocol';
import { expect, test } from 'vitest';
import { systemContext } from '../context.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import { askFor, inWorld, servingAgent, start, type TestWorld } from '../testing/index.ts';
import { invocation, webhook, workspace } from '../verbs.ts';
import { fanOut } from './fan-out.ts';

async function subscribe(
  { operator }: TestWorld,
  input: Partial<InputOf<typeof createWebhook>> = {},
): Promise<WebhookId> {
  const url = 'https://hooks.example.com/';
  return (await webhook.create(operator, createWebhook.input.parse({ url, ...input }))).id;
}

const bringUp = ({ services, operator }: TestWorld, id: WebhookId) =>
  fanOut(services, { id, projectId: operator.projectId });

const made = async ({ store }: TestWorld, id: WebhookId) =>
  (await store.read.deliveries.list(id, {}, { limit: 99 })).toSorted((a, b) => a.seq - b.seq);

test('fanOut makes each event one delivery, with the body as it is sent', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const id = await subscribe(world);
    const call = await askFor(world, 'demo_echo');
    await start(world, call);
    expect(await bringUp(world, id)).toEqual({ made: 1, state: 'abreast' });
    expect(await bringUp(world, id)).toEqual({ made: 0, state: 'abreast' });
    const [row] = await made(world, id);
    const [entry] = await world.store.read.journal.list(
      world.operator.projectId,
      { types: ['invocation.dispatched'] },
      { limit: 1 },
    );
    expect(WebhookBody.parse(JSON.parse(row?.body ?? ''))).toEqual({
      id: entry?.id,
      object: 'event',
      type: 'exec.dispatched',
      created_at: entry?.at,
      project_id: world.operator.projectId,
      data: {
        seq: entry?.seq,
        invocation_id: call.id,
        execution_id: call.execution_id,
        agent_id: call.agent_id,
        workspace_id: call.workspace_id,
        tool: 'demo_echo',
        status: 'dispatched',
      },
    });
    expect(row).toMatchObject({ eventId: entry?.id, status: 'pending', attempts: 0, subject: call.id });
  }));

test('fanOut takes the tool of a call from its entry, and from the call where the entry is of an older router', () =>
  inWorld(async (world) => {
    const { store, operator, misfits } = world;
    await servingAgent(world);
    const call = await askFor(world, 'demo_echo');
    const [entry] = await store.read.journal.list(
      operator.projectId,
      { types: ['invocation.dispatched'] },
      { limit: 1 },
    );
    if (!entry) throw new Error('nothing was dispatched');
    const { object: _object, seq: _seq, prev_hash: _prev, hash: _hash, ...rest } = entry;
    const { tool: _tool, ...untold } = entry.data;
    const draft = { ...rest, type: 'invocation.dispatched' } as const;
    const id = await subscribe(world, { events: ['exec.dispatched'] });
    const gone = { invocation_id: InvocationId.parse('0'.repeat(8) + call.id.slice(8)) };
    await store.transact((tx) =>
      tx.journal.append([
        { ...draft, data: untold },
        { ...draft, refs: gone },
      ]),
    );
    expect(misfits.splice(0)).toEqual([expect.stringContaining('tool')]);
    await bringUp(world, id);
    const bodies = (await made(world, id)).map(({ body }) => WebhookBody.parse(JSON.parse(body)));
    expect(bodies.map(({ data }) => data.tool)).toEqual(['demo_echo', 'demo_echo']);
  }));

test('fanOut says why a call ended, and that nobody gave its approval in time', () =>
  inWorld(async (world) => {
    const { services, operator } = world;
    await servingAgent(world);
    const id = await subscribe(world, { events: ['exec.approval_timed_out', 'exec.cancelled'] });
    const waiting = await askFor(world, 'demo_effect');
    const gone = await askFor(world, 'demo_wipe');
    await invocation.cancel(operator, { id: gone.id });
    for (let stage = 0; stage < 5; stage += 1) {
      await world.clock.advance(DAY_MS);
      await settleDeadline(systemContext(services, operator.projectId), waiting.id);
    }
    await bringUp(world, id);
    const bodies = (await made(world, id)).map(({ body }) => WebhookBody.parse(JSON.parse(body)));
    expect(bodies).toMatchObject([
      { type: 'exec.cancelled', data: { invocation_id: gone.id, status: 'cancelled' } },
      {
        type: 'exec.approval_timed_out',
        data: { invocation_id: waiting.id, status: 'rejected', error: { code: 'approval_expired' } },
      },
    ]);
  }));

test('fanOut sends a webhook nothing of before it was made, nor of another project', () =>
  inWorld(async (world) => {
    const { operator, foreigner } = world;
    await workspace.create(operator, { name: 'before' });
    const id = await subscribe(world);
    await workspace.create(foreigner, { name: 'elsewhere' });
    const { id: after } = await workspace.create(operator, { name: 'after' });
    await bringUp(world, id);
    expect(await made(world, id)).toMatchObject([{ eventType: 'exec.workspace_created', subject: after }]);
  }));

test('fanOut leaves out what happened while a webhook was switched off', () =>
  inWorld(async (world) => {
    const { operator } = world;
    const id = await subscribe(world);
    await webhook.update(operator, { id, enabled: false });
    await workspace.create(operator, { name: 'unheard' });
    expect(await bringUp(world, id)).toEqual({ made: 0, state: 'abreast' });
    await webhook.update(operator, { id, enabled: true });
    const { id: heard } = await workspace.create(operator, { name: 'heard' });
    await bringUp(world, id);
    expect(await made(world, id)).toMatchObject([{ subject: heard }]);
  }));

test('fanOut keeps nothing in the journal that a webhook does not want, nor for one that is switched off', () =>
  inWorld(async (world) => {
    const { operator, store } = world;
    const { journal } = store.read;
    const id = await subscribe(world, { events: ['exec.failed'] });
    for (let nth = 0; nth < 5; nth += 1) await workspace.create(operator, { name: `w${nth}` });
    await bringUp(world, id);
    expect(await journal.slowestReader(operator.projectId)).toBe(
      (await journal.head(operator.projectId)).seq,
    );
    await webhook.update(operator, { id, enabled: false });
    expect(await journal.slowestReader(operator.projectId)).toBeNull();
  }));

test('fanOut leaves in the journal what a webhook is too far behind for', () =>
  inWorld(async (world) => {
    const id = await subscribe(world);
    for (let nth = 0; nth < 1010; nth += 1) await workspace.create(world.operator, { name: `w${nth}` });
    const states: string[] = [];
    for (let state = 'more'; state === 'more'; states.push(state)) ({ state } = await bringUp(world, id));
    expect(states).toEqual(['more', 'more', 'more', 'more', 'more', 'full']);
    const { deliveries } = world.store.read;
    expect(await deliveries.countPending(id)).toBe(1000);
    await world.store.transact((tx) => tx.deliveries.failPending(id, { at: 1, error: 'gone' }));
    expect(await bringUp(world, id)).toEqual({ made: 10, state: 'abreast' });
  }));
