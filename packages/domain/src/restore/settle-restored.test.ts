import { expect, test } from 'vitest';
import {
  askFor,
  attemptOf,
  attemptRow,
  inWorld,
  rowOf,
  servingAgent,
  start,
  type TestWorld,
} from '../testing/index.ts';
import * as verbs from '../verbs.ts';
import { settleRestored } from './settle-restored.ts';

const MADE_AT = 1_000;

const restore = ({ services, operator }: TestWorld): Promise<number> =>
  settleRestored(services, { projectId: operator.projectId, madeAt: MADE_AT });

test('settleRestored ends a call that was on its way to an agent and may not be repeated', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    expect(await restore(world)).toBe(1);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'failed', error: { code: 'agent_lost' } });
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({ status: 'lost' });
  }));

test('settleRestored ends a call that waits for a person, and withdraws the question', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_effect');
    expect(await restore(world)).toBe(1);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'rejected',
      error: { code: 'approval_stale' },
      approval: { status: 'withdrawn' },
    });
  }));

test.each(['demo_echo'])('settleRestored leaves %s, which only reads, where it is', (tool) =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, tool);
    expect(await restore(world)).toBe(0);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued' });
  }),
);

test('settleRestored leaves what ran to its agent', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    expect(await restore(world)).toBe(0);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running' });
  }));

test('settleRestored tells the journal of the backup, and its chain goes on', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await askFor(world, 'demo_effect');
    await restore(world);
    const { operator, store } = world;
    const [last] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(last).toMatchObject({
      type: 'project.restored',
      actor: { kind: 'system' },
      data: { backup_made_at: '1970-01-01T00:00:01.000Z', calls_ended: 1 },
    });
    expect(await verbs.journal.verify(operator)).toMatchObject({ ok: true });
  }));
