import {
  HOUR_MS,
  createMaintenance,
  updateMaintenance,
  WorkspaceId,
  type InputOf,
  type Maintenance,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import { expect, test } from 'vitest';
import type { VerbContext } from '../context.ts';
import {
  admissionOf,
  askFor,
  attemptOf,
  end,
  inWorld,
  rowOf,
  servingAgent,
  start as startRun,
} from '../testing/index.ts';
import type { TestWorld } from '../testing/index.ts';
import { create as createWorkspace } from '../workspace/create.ts';
import { get as getWorkspace } from '../workspace/get.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { loadWindows } from './load.ts';
import { passNext } from './pass-next.ts';
import { cancel, complete, start } from './step.ts';
import { update } from './update.ts';
import { createWindows } from './windows.ts';

const step = { start, complete, cancel };
const STEPS = ['start', 'complete', 'cancel'] as const;
const STATUSES: Readonly<Record<string, number>> = { invalid_state: 409, already_terminal: 400 };

type Asking = Partial<InputOf<typeof createMaintenance>>;

const announce = (ctx: VerbContext, asking: Asking = {}): Promise<Maintenance> =>
  create(ctx, createMaintenance.input.parse({ title: 'Upgrade', severity: 'critical', ...asking }));

const startedNow = async (ctx: VerbContext, asking: Asking = {}): Promise<Maintenance> =>
  step.start(ctx, { id: (await announce(ctx, asking)).id });

const inMs = ({ clock }: TestWorld, ms: number): string => toTimestamp(clock.now() + ms);

/** Does what is due, as the router's loop does. */
async function passAll({ services, store, clock }: TestWorld): Promise<readonly string[]> {
  const passed: string[] = [];
  for (;;) {
    const [row] = await store.read.maintenance.due(clock.now(), 1);
    if (!row) return passed;
    await passNext(services, row);
    passed.push(`${row.title}:${row.status}`);
  }
}

const typesOf = async ({ store, operator }: TestWorld): Promise<readonly string[]> =>
  (await store.read.journal.list(operator.projectId, {}, { limit: 50 }))
    .map(({ type }) => type)
    .filter((type) => type.startsWith('maintenance.'))
    .toReversed();

test('maintenance.create announces a window that has not started', () =>
  inWorld(async (world) => {
    const ends = inMs(world, 2 * HOUR_MS);
    const row = await announce(world.operator, { starts_at: inMs(world, HOUR_MS), ends_at: ends });
    expect(row).toMatchObject({ status: 'scheduled', ends_at: ends, actions: ['start', 'cancel'] });
    expect(await get(world.operator, { id: row.id })).toEqual(row);
    expect((await list(world.operator, { limit: 9 })).data).toEqual([row]);
    expect((await list(world.operator, { limit: 9, status: 'completed' })).data).toEqual([]);
  }));

test.each<[string, (world: TestWorld) => Asking, object]>([
  [
    'an end before its start',
    (world) => ({ starts_at: inMs(world, 9), ends_at: inMs(world, 8) }),
    { code: 'invalid_body', param: '/ends_at' },
  ],
  [
    'an end that is over',
    (world) => ({ starts_at: inMs(world, -9), ends_at: inMs(world, -8) }),
    { code: 'invalid_body', param: '/ends_at' },
  ],
  ['a workspace there is not', () => ({ workspace_id: 'ws_00000000' }), { code: 'workspace_not_found' }],
])('maintenance.create refuses %s', (_what, asking, refusal) =>
  inWorld(async (world) => {
    await expect(announce(world.operator, asking(world))).rejects.toMatchObject(refusal);
  }),
);

test('another project sees nothing of a window', () =>
  inWorld(async ({ operator, foreigner }) => {
    const { id } = await announce(operator);
    await expect(get(foreigner, { id })).rejects.toMatchObject({
      code: 'maintenance_not_found',
      status: 404,
    });
    await expect(step.start(foreigner, { id })).rejects.toMatchObject({ code: 'maintenance_not_found' });
    await expect(update(foreigner, { id, title: 'x' })).rejects.toMatchObject({
      code: 'maintenance_not_found',
    });
    expect((await list(foreigner, { limit: 9 })).data).toEqual([]);
  }));

test('a service without the scope management announces nothing', () =>
  inWorld(async ({ service }) => {
    await expect(announce(service)).rejects.toMatchObject({ code: 'scope_insufficient' });
  }));

test.each([
  ['scheduled', 'complete', 'invalid_state'],
  ['in_progress', 'start', 'invalid_state'],
  ...STEPS.map((one) => ['completed', one, 'already_terminal'] as const),
  ...STEPS.map((one) => ['cancelled', one, 'already_terminal'] as const),
] as const)('a window that is %s refuses %s with %s', (status, refused, code) =>
  inWorld(async ({ operator }) => {
    const { id } = await announce(operator);
    if (status === 'in_progress' || status === 'completed') await step.start(operator, { id });
    if (status === 'completed') await step.complete(operator, { id });
    if (status === 'cancelled') await step.cancel(operator, { id });
    await expect(step[refused](operator, { id })).rejects.toMatchObject({ code, status: STATUSES[code] });
    expect(await get(operator, { id })).toMatchObject({ status });
  }),
);

test('maintenance.update changes what has not ended, and not the start of what has started', () =>
  inWorld(async (world) => {
    const { operator } = world;
    const { id } = await announce(operator, { starts_at: inMs(world, HOUR_MS) });
    const moved = inMs(world, 2 * HOUR_MS);
    const change = (input: object) => update(operator, updateMaintenance.input.parse({ id, ...input }));
    expect(await change({ title: 'Reboot', starts_at: moved, description: 'x' })).toMatchObject({
      title: 'Reboot',
      starts_at: moved,
      description: 'x',
    });
    await step.start(operator, { id });
    await expect(change({ starts_at: moved })).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(change({ ends_at: inMs(world, -1) })).rejects.toMatchObject({ param: '/ends_at' });
    expect(await change({ severity: 'info', description: null, ends_at: inMs(world, 5000) })).toMatchObject({
      severity: 'info',
      description: null,
    });
    await world.clock.advance(5000);
    expect(await passAll(world)).toEqual(['Reboot:in_progress']);
    await expect(change({ title: 'late' })).rejects.toMatchObject({ code: 'already_terminal', status: 400 });
    expect(await typesOf(world)).toEqual(
      ['created', 'updated', 'started', 'updated', 'completed'].map((verb) => `maintenance.${verb}`),
    );
  }));

test.each([
  ['its end', (world: TestWorld) => ({ ends_at: inMs(world, 90_000) }), 90],
  ['an hour at most', (world: TestWorld) => ({ ends_at: inMs(world, 9 * HOUR_MS) }), 3600],
  ['a minute when nobody knows', () => ({}), 60],
])(
  'a critical window in progress refuses new calls and names %s as the time to wait',
  (_what, asking, seconds) =>
    inWorld(async (world) => {
      await servingAgent(world);
      await startedNow(world.operator, asking(world));
      await expect(askFor(world, 'demo_echo')).rejects.toMatchObject({
        code: 'unavailable',
        status: 503,
        retryAfterSeconds: seconds,
      });
      expect(await world.store.read.invocations.list(world.operator.projectId, {}, { limit: 1 })).toEqual([]);
    }),
);

test('a critical window refuses a call after its arguments were looked at', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await startedNow(world.operator);
    await expect(askFor(world, 'nonsense')).rejects.toMatchObject({ code: 'exec_tool_not_found' });
    const planned = { workspace_id: world.seed.workspace_id, tool: 'demo_echo', args: {}, dry_run: true };
    await expect(admissionOf(world.service, planned)).rejects.toMatchObject({ code: 'unavailable' });
  }));

test('what runs and what waits goes on through a critical window', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const running = await askFor(world, 'demo_echo');
    await startedNow(world.operator);
    await startRun(world, running);
    await end(world, running);
    expect(await rowOf(world, running)).toMatchObject({ status: 'completed' });
    expect(attemptOf(running).attempt).toBe(1);
  }));

test.each(['info', 'warning'] as const)('a window of severity %s only shows', (severity) =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { id } = await startedNow(world.operator, { severity });
    expect(await askFor(world, 'demo_echo')).toMatchObject({ status: 'queued' });
    const shown = await getWorkspace(world.operator, { workspace_id: world.seed.workspace_id });
    expect(shown.maintenance).toEqual([{ id, severity, title: 'Upgrade', ends_at: null }]);
  }),
);

test('a window of a workspace reaches no other, and one of a project no other project', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { id } = await createWorkspace(world.operator, { name: 'elsewhere' });
    await startedNow(world.operator, { workspace_id: id });
    await startedNow(world.foreigner);
    expect(await askFor(world, 'demo_echo')).toMatchObject({ status: 'queued' });
    const reached = await getWorkspace(world.operator, { workspace_id: WorkspaceId.parse(id) });
    expect(reached.maintenance).toHaveLength(1);
  }));

test.each(['complete', 'cancel'] as const)('calls are let in again after %s', (how) =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { id } = await startedNow(world.operator);
    await step[how](world.operator, { id });
    expect(await askFor(world, 'demo_echo')).toMatchObject({ status: 'queued' });
  }),
);

test('a router that was down over windows does what it missed in its order', () =>
  inWorld(async (world) => {
    const { operator, clock } = world;
    await announce(operator, { title: 'a', starts_at: inMs(world, 10), ends_at: inMs(world, 30) });
    await announce(operator, { title: 'b', starts_at: inMs(world, 20) });
    await announce(operator, { title: 'c', starts_at: inMs(world, HOUR_MS) });
    await clock.advance(60);
    expect(await passAll(world)).toEqual(['a:scheduled', 'b:scheduled', 'a:in_progress']);
  }));

test('a window in progress is known again after a restart', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await startedNow(world.operator);
    const windows = createWindows();
    await loadWindows({ store: world.store, windows });
    const ctx = { ...world.service, windows };
    await expect(askFor(world, 'demo_echo', { ctx })).rejects.toMatchObject({ code: 'unavailable' });
  }));

test('maintenance.create refuses the 101st window that has not ended, and takes one once another has', () =>
  inWorld(async ({ operator, clock }) => {
    const first = await startedNow(operator);
    for (let nth = 1; nth < 100; nth += 1) {
      await clock.advance(1);
      await announce(operator);
    }
    await expect(announce(operator)).rejects.toMatchObject({ code: 'invalid_state' });
    await step.complete(operator, { id: first.id });
    await expect(announce(operator)).resolves.toBeDefined();
    await expect(announce(operator)).rejects.toMatchObject({ code: 'invalid_state' });
  }));
