import { DAY_MS } from '@xem/protocol';
import { askFor, inWorld, rowOf, servingAgent, start } from '@xem/domain/testing';
import { expect, test } from 'vitest';
import { startDeadlines } from './deadlines.ts';

const APPROVAL_MS = DAY_MS;

test('deadlines settles no call before its time', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_effect');
    const loop = startDeadlines(world.services);
    await world.clock.advance(1000);
    await loop.stop();
    expect(await rowOf(world, asked)).toMatchObject({ status: 'pending_approval' });
  }));

test('deadlines settles what is due behind a call that cannot be settled', () =>
  inWorld(async (world) => {
    const { store, operator, services, clock, logged } = world;
    await servingAgent(world);
    const broken = await askFor(world, 'demo_effect');
    await clock.advance(1);
    const sound = await askFor(world, 'demo_effect');
    const { approval } = await rowOf(world, broken);
    await store.transact(async (tx) => {
      const row = approval && (await tx.approvals.get(operator.projectId, approval.id));
      if (row) await tx.approvals.save({ ...row, status: 'withdrawn' });
    });
    await clock.advance(7 * APPROVAL_MS);
    const loop = startDeadlines(services);
    await clock.advance(1000);
    await loop.stop();
    expect(await rowOf(world, sound)).toMatchObject({
      status: 'rejected',
      error: { code: 'approval_expired' },
    });
    expect(logged).toContainEqual(
      expect.objectContaining({
        event: 'deadline.failed',
        fields: expect.objectContaining({ invocationId: broken.id }),
      }),
    );
    const again = startDeadlines(services);
    const tries = (): number => logged.filter(({ event }) => event === 'deadline.failed').length;
    const before = tries();
    for (let second = 0; second < 60; second += 1) await clock.advance(1000);
    await again.stop();
    expect(tries() - before).toBeLessThanOrEqual(8);
  }));

test('deadlines judges nobody right after a stall', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    const loop = startDeadlines(world.services);
    world.clock.skip(80_000);
    await world.clock.advance(3000);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running' });
    await world.clock.advance(3000);
    await loop.stop();
    expect(await rowOf(world, asked)).toMatchObject({ status: 'timeout' });
  }));
