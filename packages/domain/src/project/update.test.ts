import { topUpProject, updateProject, type InputOf } from '@xem/protocol';
import { expect, test } from 'vitest';
import { changeProject, inWorld } from '../testing/index.ts';
import { project } from '../verbs.ts';

const TARIFF = { per_call: 5, per_second: 2 };

test('project.update changes what is named, and tells the journal all of the terms', () =>
  inWorld(async (world) => {
    const rate = { per_minute: 60, burst: 6 };
    const changed = await changeProject(world, { name: 'New', plan: 'team', rate });
    expect(changed).toMatchObject({ name: 'New', plan: 'team', rate, billing: 'current', tariff: null });
    expect(changed.credit).toBeNull();
    expect(await changeProject(world, { rate: null, billing: 'delinquent' })).toMatchObject({
      plan: 'team',
      rate: null,
      billing: 'delinquent',
    });
    const [entry] = await world.store.read.journal.list(
      world.operator.projectId,
      { types: ['project.updated'] },
      { limit: 1 },
    );
    expect(entry).toMatchObject({
      actor: { kind: 'human' },
      data: { name: 'New', plan: 'team', rate: null, billing: 'delinquent', tariff: null },
    });
  }));

test('project.update that changes nothing is not in the journal', () =>
  inWorld(async (world) => {
    const before = await project.get(world.operator);
    expect(await changeProject(world, { name: before.name, rate: null })).toEqual(before);
    const entries = await world.store.read.journal.list(
      world.operator.projectId,
      { types: ['project.updated'] },
      { limit: 1 },
    );
    expect(entries).toEqual([]);
  }));

test('project.update opens the account of a project that gets a tariff', () =>
  inWorld(async (world) => {
    const { tariff, credit } = await changeProject(world, { tariff: TARIFF });
    expect(tariff).toEqual(TARIFF);
    expect(credit).toEqual({ granted: 0, reserved: 0, settled: 0, available: 0 });
    expect((await changeProject(world, { tariff: null })).credit).toEqual(credit);
  }));

test.each<[string, InputOf<typeof updateProject>]>([
  ['plan', { plan: 'team' }],
  ['rate', { rate: null }],
  ['billing', { billing: 'current' }],
  ['tariff', { tariff: null }],
])('project.update lets no service change the %s', (_, input) =>
  inWorld(async ({ operator }) => {
    const principal = { ...operator.caller.principal, kind: 'service' as const };
    const service = { ...operator, caller: { ...operator.caller, principal } };
    await expect(project.update(service, updateProject.input.parse(input))).rejects.toMatchObject({
      code: 'scope_insufficient',
    });
    await expect(project.topUp(service, { credits: 1 })).rejects.toMatchObject({
      code: 'scope_insufficient',
    });
    expect(await project.update(service, { name: 'Mine' })).toMatchObject({ name: 'Mine' });
  }),
);

test('project.update and project.top_up need the scope for management', () =>
  inWorld(async ({ approver }) => {
    for (const asked of [
      () => project.update(approver, { name: 'x' }),
      () => project.topUp(approver, { credits: 1 }),
    ])
      await expect(asked()).rejects.toMatchObject({ code: 'scope_insufficient' });
  }));

test('project.top_up adds up, and opens an account', () =>
  inWorld(async ({ operator, store }) => {
    expect(await project.topUp(operator, { credits: 100 })).toMatchObject({ kind: 'credited' });
    const { body } = await project.topUp(operator, { credits: 20 });
    expect(body.credit).toEqual({ granted: 120, reserved: 0, settled: 0, available: 120 });
    const entries = await store.read.journal.list(
      operator.projectId,
      { types: ['project.credited'] },
      { limit: 9 },
    );
    expect(entries.map(({ data }) => data)).toEqual([
      { credits: 20, granted: 120 },
      { credits: 100, granted: 100 },
    ]);
  }));

test('project.top_up grants once for a key, however often and however fast it is asked', () =>
  inWorld(async ({ operator }) => {
    const keyed = { ...operator, idempotencyKey: 'invoice 7' };
    const answers = await Promise.all([1, 2, 3].map(() => project.topUp(keyed, { credits: 50 })));
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['credited', 'replayed', 'replayed']);
    expect((await project.get(operator)).credit?.granted).toBe(50);
    await expect(project.topUp(keyed, { credits: 51 })).rejects.toMatchObject({
      code: 'exec_idempotency_conflict',
      param: 'Idempotency-Key',
    });
  }));

test('project.top_up refuses sums that no number holds', () =>
  inWorld(async ({ operator, store }) => {
    await store.transact((tx) => tx.credit.grant(operator.projectId, Number.MAX_SAFE_INTEGER - 5));
    await expect(project.topUp(operator, { credits: 6 })).rejects.toMatchObject({ code: 'invalid_state' });
    expect(await project.topUp(operator, { credits: 5 })).toMatchObject({ kind: 'credited' });
  }));

test.each([[0], [-1], [1.5], [1e15]])('project.top_up takes no %d credits', (credits) => {
  expect(topUpProject.input.safeParse({ credits }).success).toBe(false);
});
