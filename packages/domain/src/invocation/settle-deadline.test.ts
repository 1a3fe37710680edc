import { DAY_MS, cancelInvocation, InvocationId, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { systemContext, type ProjectContext } from '../context.ts';
import {
  askFor,
  attemptOf,
  attemptRow,
  end,
  inWorld,
  rowOf,
  servingAgent,
  start,
  type TestWorld,
} from '../testing/index.ts';
import { cancel } from './cancel.ts';
import { settleDeadline } from './settle-deadline.ts';

const system = ({ services, operator }: TestWorld): ProjectContext =>
  systemContext(services, operator.projectId);

const settleNow = (world: TestWorld, { id }: Pick<Invocation, 'id'>): Promise<void> =>
  settleDeadline(system(world), InvocationId.parse(id));

async function passDeadline(world: TestWorld, invocation: Invocation): Promise<void> {
  const { deadlineAt } = await rowOf(world, invocation);
  if (deadlineAt === null) throw new Error('it has no deadline');
  await world.clock.advance(deadlineAt - world.clock.now());
}

test('invocation.settle_deadline times out a call that no agent took, with queue_timeout', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await passDeadline(world, asked);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'timeout',
      error: { code: 'queue_timeout' },
      deadlineAt: null,
    });
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({ status: 'cancelled' });
  }));

test('invocation.settle_deadline times out a run whose result never came, with tool_timeout', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await passDeadline(world, asked);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'timeout', error: { code: 'tool_timeout' } });
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({ status: 'timeout' });
  }));

test('invocation.settle_deadline waits once for an agent that is away, until its lease ends', () =>
  inWorld(async (world) => {
    const { services, clock } = world;
    const { arrival } = await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    await passDeadline(world, asked);
    const { agentId, session, slots, lastRenewalAt } = arrival;
    services.fleet.disconnect(agentId, session ?? '');
    const leaseEndsAt = clock.monotonic() + 30_000;
    services.fleet.renew(agentId, { slots, lastRenewalAt, leaseEndsAt, roundTripMs: null });
    await settleNow(world, asked);
    const deadlineAt = clock.now() + 30_000;
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running', deadlineAt });
    await clock.advance(30_000);
    services.fleet.extendLeases(clock.monotonic() + 30_000);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'timeout', error: { code: 'tool_timeout' } });
  }));

test('invocation.settle_deadline cancels a run that nobody confirms to be gone, with cancel_unconfirmed', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await cancel(world.operator, cancelInvocation.input.parse({ id: asked.id }));
    await passDeadline(world, asked);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'cancelled',
      error: { code: 'cancel_unconfirmed' },
    });
  }));

test('invocation.settle_deadline leaves a call alone whose deadline has moved', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await passDeadline(world, asked);
    await start(world, asked);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running' });
  }));

test('invocation.settle_deadline leaves a call alone that has ended', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await end(world, asked);
    await world.clock.advance(DAY_MS);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'completed' });
  }));
