import { InvocationId, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { reject } from '../approval/reject.ts';
import { systemContext } from '../context.ts';
import { reconcile } from '../execution/reconcile.ts';
import { refuse } from '../execution/refuse.ts';
import {
  agentOf,
  askFor,
  attemptOf,
  end,
  inWorld,
  rowOf,
  servingAgent,
  start,
  storyOf,
  type TestWorld,
} from '../testing/index.ts';
import { cancel } from './cancel.ts';
import { settleDeadline } from './settle-deadline.ts';

/** How a call comes to an end; the call is asked for already. */
const ENDINGS: readonly [string, (world: TestWorld, asked: Invocation) => Promise<unknown>][] = [
  ['completed', async (world, asked) => (await start(world, asked), end(world, asked))],
  ['failed', async (world, asked) => (await start(world, asked), end(world, asked, { status: 'failed' }))],
  ['timeout', async (world, asked) => (await start(world, asked), end(world, asked, { status: 'timeout' }))],
  [
    'cancelled',
    async (world, asked) => {
      await cancel(world.service, { id: asked.id });
      await end(world, asked, { status: 'cancelled', ended_by: 'cancel' });
    },
  ],
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

/** A call whose order is with an agent that has not answered, and that somebody wants stopped. */
async function recalled(world: TestWorld, tool = 'demo_write') {
  const serving = await servingAgent(world);
  const asked = await askFor(world, tool);
  const answer = await cancel(world.service, { id: asked.id, reason: 'not today' });
  return { serving, asked, answer };
}

test('invocation.cancel leaves the word to an agent whose order is on the way to it', () =>
  inWorld(async (world) => {
    const { asked, answer } = await recalled(world);
    expect(answer).toMatchObject({ status: 'queued', cancel_requested_at: expect.any(String), actions: [] });
    expect(await start(world, asked)).toBe('running');
    await end(world, asked, { status: 'cancelled', ended_by: 'cancel', signal: 'SIGTERM' });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
  }));

test('invocation.cancel says completed of a call that was quicker than the cancel', () =>
  inWorld(async (world) => {
    const { asked } = await recalled(world);
    await end(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'completed', error: null });
  }));

test.each(['slots', 'digest'] as const)(
  'invocation.cancel is sure once the agent refused the order (%s)',
  (reason) =>
    inWorld(async (world) => {
      const { asked } = await recalled(world);
      const ref = attemptOf(asked);
      await refuse(agentOf(world, ref), { ...ref, reason, message: 'no' });
      expect(await rowOf(world, asked)).toMatchObject({
        status: 'cancelled',
        error: { code: 'cancelled', message: 'cancelled before it ran' },
      });
    }),
);

test('invocation.cancel is sure once the agent came back without the order', () =>
  inWorld(async (world) => {
    const { asked, serving } = await recalled(world);
    const { agent, arrival } = serving;
    const back = { agentId: agent.id, journalId: arrival.journalId, unacknowledged: [] };
    await reconcile(agentOf(world, attemptOf(asked)), back);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
  }));

test('invocation.cancel is unconfirmed when the agent never answers', () =>
  inWorld(async (world) => {
    const { asked } = await recalled(world);
    await world.clock.advance(15_000);
    await settleDeadline(systemContext(world.services, world.operator.projectId), asked.id);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'cancelled',
      error: { code: 'cancel_unconfirmed' },
    });
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
