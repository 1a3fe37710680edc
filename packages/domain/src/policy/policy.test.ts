import { putPolicy, type InputOf, type Policy } from '@xem/protocol';
import { expect, test } from 'vitest';
import type { VerbContext } from '../context.ts';
import { create as createWorkspace } from '../workspace/create.ts';
import { inWorld, type TestWorld } from '../testing/index.ts';
import { remove } from './delete.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { put } from './put.ts';
import { versions } from './versions.ts';

const set = (ctx: VerbContext, input: InputOf<typeof putPolicy> = {}): Promise<Policy> =>
  put(ctx, putPolicy.input.parse(input));

const inForceAt = async ({ store, operator, seed }: TestWorld) => {
  const row = await store.read.policies.inForce(operator.projectId, seed.workspace_id);
  return row && { name: row.name, version: row.version };
};

const lastEntry = async ({ store, operator }: TestWorld) =>
  (await store.read.journal.after(operator.projectId, 0, 100)).at(-1);

test('policy.put gives a workspace its own policy, and the project a new version of its', () =>
  inWorld(async (world) => {
    const { operator, seed } = world;
    const own = await set(operator, { workspace_id: seed.workspace_id, preset: 'elevated' });
    expect(own).toMatchObject({
      object: 'approval_policy',
      workspace_id: seed.workspace_id,
      version: 1,
      policy_name: 'elevated',
      require: ['destructive', 'irreversible'],
      timeout_seconds_destructive: 900,
      allow_self_approval: { destructive: true, irreversible: false },
      created_by: { name: 'operator' },
    });
    const projects = await set(operator, { timeout_seconds_destructive: 60 });
    expect(projects).toMatchObject({ workspace_id: null, version: 2, policy_name: 'custom' });
    expect(await inForceAt(world)).toEqual({ name: 'elevated', version: 1 });
    expect((await list(operator, { limit: 20 })).data.map(({ id }) => id).toSorted()).toEqual(
      [own.id, projects.id].toSorted(),
    );
  }));

test('policy.put lets members of its own stand beside a preset, and takes what they left out from it', () =>
  inWorld(async ({ operator }) => {
    const chain = [
      { stage: 1, groups: ['dba'], timeout_seconds: 60 },
      { stage: 2, groups: [], timeout_seconds: 90 },
    ];
    const members = {
      policy_name: 'night',
      require: ['irreversible' as const, 'write' as const, 'destructive' as const],
      quorum_destructive: { all_of: [{ group: '*', count: 1 }] },
      escalation_chain: chain,
    };
    expect(await set(operator, { ...members, preset: 'restricted' })).toMatchObject({
      ...members,
      require: ['write', 'destructive', 'irreversible'],
      quorum_irreversible: { any_of: [{ group: '*', count: 2 }] },
      decide_with: 'interactive',
      allow_self_approval: false,
    });
  }));

test('policy.put journals what it changed, and writes nothing when that is nothing', () =>
  inWorld(async (world) => {
    const { operator, seed } = world;
    const workspace_id = seed.workspace_id;
    const first = await set(operator, { workspace_id, decide_with: 'interactive' });
    expect(await lastEntry(world)).toMatchObject({
      type: 'policy.created',
      subject: { type: 'policy', id: first.id },
      refs: { workspace_id },
      data: {
        version: 1,
        changed: {
          policy_name: { was: 'standard', now: 'custom' },
          decide_with: { was: 'any', now: 'interactive' },
        },
      },
    });
    expect(await set(operator, { workspace_id, decide_with: 'interactive' })).toEqual(first);
    await set(operator, { workspace_id, decide_with: 'interactive', allow_self_approval: false });
    expect(await lastEntry(world)).toMatchObject({
      type: 'policy.updated',
      data: {
        version: 2,
        changed: { allow_self_approval: { was: true, now: false } },
      },
    });
  }));

test('policy.put with dry_run tells what would be in force, and stores nothing', () =>
  inWorld(async (world) => {
    const planned = await set(world.operator, { preset: 'restricted', dry_run: true });
    expect(planned).toMatchObject({ policy_name: 'restricted', version: 2 });
    expect(planned.warnings.join()).toContain('ask for themselves: ');
    expect(await inForceAt(world)).toEqual({ name: 'standard', version: 1 });
  }));

test('policy.put warns of a destructive gate that nobody could answer', () =>
  inWorld(async ({ operator }) => {
    const { warnings } = await set(operator, {
      quorum_destructive: { any_of: [{ group: 'ops', count: 1 }] },
    });
    expect(warnings[0]).toContain('nobody could let any destructive call run');
    expect((await get(operator, { id: 'default' })).warnings).toEqual(warnings);
  }));

test.each([
  ['a service', ({ service }: TestWorld) => set(service, { preset: 'elevated' }), 'scope_insufficient', null],
  ['a human without management', ({ approver }: TestWorld) => set(approver), 'scope_insufficient', null],
  [
    'an irreversible gate that nobody could answer',
    ({ operator }: TestWorld) =>
      set(operator, { quorum_irreversible: { any_of: [{ group: '*', count: 3 }] } }),
    'invalid_state',
    '/quorum_irreversible',
  ],
  [
    'a dry run of a gate that nobody could answer',
    ({ operator }: TestWorld) =>
      set(operator, { quorum_irreversible: { any_of: [{ group: 'x', count: 1 }] }, dry_run: true }),
    'invalid_state',
    '/quorum_irreversible',
  ],
  [
    'a version that is not the present one',
    ({ operator }: TestWorld) => set(operator, { preset: 'elevated', if_version: 7 }),
    'invalid_state',
    '/if_version',
  ],
  [
    'a version where the workspace has no policy of its own',
    ({ operator, seed }: TestWorld) => set(operator, { workspace_id: seed.workspace_id, if_version: 1 }),
    'invalid_state',
    '/if_version',
  ],
  [
    'a workspace of another project',
    ({ foreigner, seed }: TestWorld) => set(foreigner, { workspace_id: seed.workspace_id }),
    'workspace_not_found',
    null,
  ],
  [
    'more groups than a journal entry can tell of',
    ({ operator }: TestWorld) =>
      set(operator, {
        escalation_chain: [
          { stage: 1, groups: Array(16).fill('ö'.repeat(64)), timeout_seconds: 1 },
          { stage: 2, groups: Array(16).fill('ö'.repeat(64)), timeout_seconds: 1 },
        ],
      }),
    'invalid_body',
    '',
  ],
])('policy.put refuses %s', (...[, attempt, code, param]) =>
  inWorld(async (world) => {
    await expect(attempt(world)).rejects.toMatchObject({ code, param });
    expect(await inForceAt(world)).toEqual({ name: 'standard', version: 1 });
  }),
);

test('policy.put takes a guard that is met', () =>
  inWorld(async ({ operator, seed }) => {
    const workspace_id = seed.workspace_id;
    const { version } = await set(operator, { workspace_id, preset: 'elevated', if_version: 0 });
    const next = { workspace_id, preset: 'restricted' as const, if_version: version };
    expect(await set(operator, next)).toMatchObject({ version: 2 });
  }));

test('policy.delete lets the project’s policy take over, and a later put goes on with the versions', () =>
  inWorld(async (world) => {
    const { operator, seed } = world;
    const workspace_id = seed.workspace_id;
    const { id } = await set(operator, { workspace_id, preset: 'elevated' });
    expect(await remove(operator, { id })).toEqual({ object: 'approval_policy', id, deleted: true });
    expect(await inForceAt(world)).toEqual({ name: 'standard', version: 1 });
    expect(await lastEntry(world)).toMatchObject({
      type: 'policy.deleted',
      data: { version: 2, changed: { policy_name: { was: 'elevated', now: 'standard' } } },
    });
    await expect(get(operator, { id })).rejects.toMatchObject({ code: 'policy_not_found' });
    await expect(remove(operator, { id })).rejects.toMatchObject({ code: 'policy_not_found' });
    expect(await get(operator, { id, version: 1 })).toMatchObject({ policy_name: 'elevated' });
    expect(await set(operator, { workspace_id, preset: 'elevated', if_version: 0 })).toMatchObject({
      id,
      version: 3,
    });
    expect(await lastEntry(world)).toMatchObject({ type: 'policy.created' });
    const page = await versions(operator, { id, limit: 2 });
    expect(page.data.map(({ version, retired }) => [version, retired])).toEqual([
      [3, false],
      [2, true],
    ]);
    const rest = await versions(operator, { id, limit: 2, after: page.next_cursor ?? undefined });
    expect(rest.data.map(({ version }) => version)).toEqual([1]);
  }));

test.each([
  [
    'the policy of the project',
    async ({ operator }: TestWorld) =>
      remove(operator, { id: (await set(operator, { preset: 'elevated' })).id }),
    'invalid_state',
  ],
  [
    'a caller who is a service',
    async ({ operator, service, seed }: TestWorld) =>
      remove(service, { id: (await set(operator, { workspace_id: seed.workspace_id })).id }),
    'scope_insufficient',
  ],
  [
    'a policy of another project',
    async ({ operator, foreigner, seed }: TestWorld) =>
      remove(foreigner, { id: (await set(operator, { workspace_id: seed.workspace_id })).id }),
    'policy_not_found',
  ],
])('policy.delete refuses %s', (_, attempt, code) =>
  inWorld(async (world) => {
    await expect(attempt(world)).rejects.toMatchObject({ code });
  }),
);

test('policy.list answers the one that governs a workspace', () =>
  inWorld(async ({ operator, foreigner, seed }) => {
    const other = await createWorkspace(operator, { name: 'other' });
    const own = await set(operator, { workspace_id: seed.workspace_id, preset: 'elevated' });
    const governing = async (workspace_id: typeof other.id) =>
      (await list(operator, { limit: 20, workspace_id })).data.map(({ policy_name: name }) => name);
    expect(await governing(seed.workspace_id)).toEqual(['elevated']);
    expect(await governing(other.id)).toEqual(['standard']);
    await expect(list(foreigner, { limit: 20, workspace_id: other.id })).rejects.toMatchObject({
      code: 'workspace_not_found',
    });
    const first = await list(operator, { limit: 1 });
    const second = await list(operator, { limit: 1, after: first.next_cursor ?? undefined });
    expect([...first.data, ...second.data].map(({ id }) => id)).toContain(own.id);
    expect(second.has_more).toBe(false);
  }));

test.each([
  ['get', (ctx: VerbContext, id: Policy['id']) => get(ctx, { id })],
  ['get of a version', (ctx: VerbContext, id: Policy['id']) => get(ctx, { id, version: 1 })],
  ['versions', (ctx: VerbContext, id: Policy['id']) => versions(ctx, { id, limit: 1 })],
])('policy.%s does not find another project’s policy', (_, read) =>
  inWorld(async ({ operator, foreigner }) => {
    const { id } = await get(operator, { id: 'default' });
    await expect(read(foreigner, id)).rejects.toMatchObject({ code: 'policy_not_found' });
  }),
);
