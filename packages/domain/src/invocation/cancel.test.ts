import { InvocationId, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { reject } from '../approval/reject.ts';
import {
  askFor,
  attemptOf,
  attemptRow,
  end,
  inWorld,
  rowOf,
  servingAgent,
  start,
  storyOf,
  type TestWorld,
} from '../testing/index.ts';
import { cancel } from './cancel.ts';

/** How a call comes to an end; the call is asked for already. */
const ENDINGS: readonly [string, (world: TestWorld, asked: Invocation) => Promise<unknown>][] = [
  ['completed', async (world, asked) => (await start(world, asked), end(world, asked))],
  ['failed', async (world, asked) => (await start(world, asked), end(world, asked, { status: 'failed' }))],
  ['timeout', async (world, asked) => (await start(world, asked), end(world, asked, { status: 'timeout' }))],
  ['cancelled', (world, asked) => cancel(world.service, { id: asked.id })],
];

test.each(ENDINGS)('invocation.cancel refuses a call that ended %s, and changes nothing', (status, finish) =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await finish(world, asked);
    const before = await rowOf(world, asked);
    expect(before.status).toBe(status);
    await expect(cancel(world.operator, { id: asked.id })).rejects.toMatchObject({
      code: 'invocation_terminal',
    });
    expect(await rowOf(world, asked)).toEqual(before);
  }),
);

test('invocation.cancel refuses a call whose approval was rejected', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_effect');
    if (!asked.approval) throw new Error('the call waits for no approval');
    await reject(world.approver, { id: asked.approval.id });
    await expect(cancel(world.service, { id: asked.id })).rejects.toMatchObject({
      code: 'invocation_terminal',
    });
  }));

test("invocation.cancel does not know another project's call, nor one that never was", () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { id } = await askFor(world, 'demo_write');
    const never = InvocationId.parse('00000000-0000-7000-8000-000000000000');
    for (const [ctx, asked] of [
      [world.foreigner, id],
      [world.operator, never],
    ] as const) {
      await expect(cancel(ctx, { id: asked })).rejects.toMatchObject({ code: 'invocation_not_found' });
    }
  }));

test('invocation.cancel refuses a key that may not execute', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { id } = await askFor(world, 'demo_write');
    await expect(cancel(world.inference, { id })).rejects.toMatchObject({ code: 'scope_insufficient' });
  }));

test('invocation.cancel takes the order back from an agent that has not accepted it', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await cancel(world.service, { id: asked.id, reason: 'not today' });
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'cancelled',
      error: {
        code: 'cancelled',
        message:
          'cancelled before it ran: not today, unless the agent had started it already: its order was on the way',
      },
      deadlineAt: null,
    });
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({ status: 'cancelled' });
    expect(await start(world, asked)).toBe('abort');
  }));

test('invocation.cancel is sure that a call did not run which no agent was given', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_effect');
    await cancel(world.service, { id: asked.id });
    expect(await rowOf(world, asked)).toMatchObject({ error: { message: 'cancelled before it ran' } });
  }));

test('invocation.cancel asks once for the end of a run, and leaves the rest to its agent', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    const first = await cancel(world.service, { id: asked.id });
    await world.clock.advance(10);
    expect(await cancel(world.service, { id: asked.id })).toEqual(first);
    expect(first).toMatchObject({ status: 'running', actions: [] });
    expect(await storyOf(world, asked)).toEqual([
      'invocation.created',
      'invocation.queued',
      'invocation.dispatched',
      'invocation.started',
      'invocation.cancel_requested',
    ]);
  }));
