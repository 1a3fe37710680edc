import { DAY_MS, reportUsage, type InputOf } from '@xem/protocol';
import { expect, test } from 'vitest';
import { cancel } from '../invocation/cancel.ts';
import {
  afresh,
  askFor,
  end,
  inWorld,
  meter,
  rowOf,
  servingAgent,
  type TestWorld,
} from '../testing/index.ts';
import { usage } from '../verbs.ts';
import { rollUpUsage, ROLL_UP_BATCH } from './roll-up.ts';

async function report({ services, operator }: TestWorld, query: InputOf<typeof reportUsage> = {}) {
  expect(await rollUpUsage(services, operator.projectId)).toBe(false);
  return usage.report(operator, reportUsage.input.parse(query));
}

/** A call of today that completed, one of tomorrow that failed, and one that was cancelled before it ran. */
async function useSome(world: TestWorld): Promise<void> {
  await servingAgent(world);
  await meter(world, { credits: 1000, perCall: 2, perSecond: 1 });
  const ctx = await afresh(world);
  await end(world, await askFor(world, 'demo_echo', { ctx }), { duration_ms: 1500 });
  await world.clock.advance(DAY_MS);
  const failed = { status: 'failed', exit_code: 1, duration_ms: 10 } as const;
  await end(world, await askFor(world, 'demo_write', { ctx }), failed);
  await cancel(ctx, { id: (await rowOf(world, await askFor(world, 'demo_wipe', { ctx }))).id });
}

const ROW = {
  calls: 1,
  completed: 0,
  failed: 0,
  cancelled: 0,
  rejected: 0,
  timeout: 0,
  run_ms: 0,
  output_bytes: 0,
  credit: 0,
};
const NAMELESS = { day: null, tool: null, workspace_id: null };

test('usage.report sums up by day, tool and workspace', () =>
  inWorld(async (world) => {
    await useSome(world);
    const [completed, failed, cancelled] = [
      { ...ROW, completed: 1, run_ms: 1500, credit: 4 },
      { ...ROW, failed: 1, run_ms: 10, credit: 3 },
      { ...ROW, cancelled: 1 },
    ];
    const totals = { ...ROW, calls: 3, completed: 1, failed: 1, cancelled: 1, run_ms: 1510, credit: 7 };
    const { seq } = await world.store.read.journal.head(world.operator.projectId);
    expect(await report(world)).toEqual({
      object: 'usage',
      from: '2025-12-04',
      to: '2026-01-02',
      group_by: 'day',
      rows: [
        { ...NAMELESS, ...completed, day: '2026-01-01' },
        { ...NAMELESS, ...failed, calls: 2, cancelled: 1, day: '2026-01-02' },
      ],
      totals,
      as_of_seq: seq,
    });
    expect((await report(world, { group_by: 'tool' })).rows).toEqual([
      { ...NAMELESS, ...completed, tool: 'demo_echo' },
      { ...NAMELESS, ...cancelled, tool: 'demo_wipe' },
      { ...NAMELESS, ...failed, tool: 'demo_write' },
    ]);
    const { workspace_id } = world.seed;
    expect((await report(world, { group_by: 'workspace' })).rows).toEqual([
      { ...NAMELESS, ...totals, workspace_id },
    ]);
  }));

test('usage.report keeps to the days, the tool and the workspace it is asked for', () =>
  inWorld(async (world) => {
    await useSome(world);
    const calls = async (query: InputOf<typeof reportUsage>) => (await report(world, query)).totals.calls;
    expect(await calls({ to: '2026-01-01' })).toBe(1);
    expect(await calls({ from: '2026-01-02', to: '2026-01-02' })).toBe(2);
    expect(await calls({ tool: 'demo_echo' })).toBe(1);
    expect(await calls({ workspace_id: 'ws_00000000' })).toBe(0);
    expect((await usage.report(world.foreigner, reportUsage.input.parse({}))).totals.calls).toBe(0);
  }));

test.each([
  [{ from: '2026-02-01', to: '2026-01-31' }, 'must not be after'],
  [{ from: '2025-01-01', to: '2026-01-02' }, '366 days at most'],
])('usage.report refuses %j', (query, says) =>
  inWorld(async (world) => {
    await expect(report(world, query)).rejects.toMatchObject({
      code: 'invalid_body',
      param: 'from',
      message: expect.stringContaining(says),
    });
  }),
);

test('rolling up takes a long journal in batches', () =>
  inWorld(async (world) => {
    await useSome(world);
    const { store, services, operator } = world;
    const [last] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    if (!last) throw new Error('the journal is empty');
    const { object: _object, seq: _seq, prev_hash: _prev, hash: _hash, ...draft } = last;
    const filler = { ...draft, type: 'project.created', data: { slug: 'demo' } } as const;
    await store.transact((tx) => tx.journal.append(Array.from({ length: ROLL_UP_BATCH }, () => filler)));
    const { seq: head } = await store.read.journal.head(operator.projectId);
    expect(await rollUpUsage(services, operator.projectId)).toBe(true);
    expect(await store.read.cursors.get('usage', operator.projectId)).toBe(ROLL_UP_BATCH);
    expect(await rollUpUsage(services, operator.projectId)).toBe(false);
    expect(await store.read.cursors.get('usage', operator.projectId)).toBe(head);
    expect((await report(world)).totals.calls).toBe(3);
  }));
