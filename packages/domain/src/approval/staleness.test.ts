import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ApprovalId, putPolicy, type InputOf, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { create as mint } from '../api-key/create.ts';
import { systemContext, type VerbContext } from '../context.ts';
import { fillSlots } from '../execution/fill-slots.ts';
import { remove } from '../policy/delete.ts';
import { put } from '../policy/put.ts';
import { askFor, inWorld, rowOf, servingAgent, storyOf, type TestWorld } from '../testing/index.ts';
import { pause, resume } from '../workspace/pause.ts';
import { approve } from './approve.ts';
import { get } from './get.ts';
import { reject } from './reject.ts';

const idOf = ({ approval }: Invocation) => ApprovalId.parse(approval?.id);

const set = (ctx: VerbContext, input: InputOf<typeof putPolicy>) => put(ctx, putPolicy.input.parse(input));

/** Changes rows as somebody with the file of the database does. */
const edit =
  (sql: string) =>
  async ({ store }: TestWorld): Promise<void> => {
    const database = new DatabaseSync(join(store.dataDir, 'xem.db'));
    try {
      expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
    } finally {
      database.close();
    }
  };

type Change = (world: TestWorld) => Promise<unknown>;

const OTHER_ARGS = `'{"cluster":"production"}'`;
const NEW_VERSION = `INSERT INTO policy (id, version, project_id, workspace_id, name, rules, created_by, created_at, retired)
  SELECT id, version + 1, project_id, workspace_id, name, rules, created_by, created_at, retired FROM policy`;

const IN_DATABASE: readonly (readonly [string, Change])[] = [
  ['the arguments that would run', edit(`UPDATE invocation SET args = ${OTHER_ARGS}`)],
  ['the arguments that are shown', edit(`UPDATE approval SET args = ${OTHER_ARGS}`)],
  [
    'both arguments and their hashes',
    async (world) => {
      await edit(`UPDATE invocation SET args = ${OTHER_ARGS}, args_sha256 = '${'0'.repeat(64)}'`)(world);
      await edit(`UPDATE approval SET args = ${OTHER_ARGS}, args_sha256 = '${'0'.repeat(64)}'`)(world);
    },
  ],
  ['the tool that is shown', edit(`UPDATE approval SET tool = 'demo_echo'`)],
  ['the risk that is shown', edit(`UPDATE approval SET risk = 'write'`)],
  ['the digest of the tool', edit(`UPDATE invocation SET tool_digest = '${'0'.repeat(64)}'`)],
  ['the time limit', edit('UPDATE invocation SET timeout_ms = 1')],
  ['the rules of the policy', edit(`UPDATE policy SET rules = json_set(rules, '$.quorum', json('{}'))`)],
  ['a newer version of the policy', edit(NEW_VERSION)],
  [
    'the version that the approval names',
    edit(`UPDATE approval SET policy = json_set(policy, '$.version', 7)`),
  ],
];

const BY_VERB: readonly (readonly [string, Change])[] = [
  ['the policy of the project', ({ operator }) => set(operator, { preset: 'elevated' })],
  [
    'a first policy of the workspace',
    ({ operator, seed }) => set(operator, { workspace_id: seed.workspace_id, preset: 'elevated' }),
  ],
  [
    'a policy of the workspace with the rules of the project’s',
    ({ operator, seed }) => set(operator, { workspace_id: seed.workspace_id, preset: 'standard' }),
  ],
];

const CHANGES = [...IN_DATABASE, ...BY_VERB];

async function expectStale(world: TestWorld, asked: Invocation): Promise<void> {
  expect(await rowOf(world, asked)).toMatchObject({
    status: 'rejected',
    attempt: 0,
    error: { code: 'approval_stale' },
  });
  expect(await storyOf(world, asked)).not.toContain('invocation.dispatched');
}

test.each(IN_DATABASE.slice(-1))('approval.approve refuses when somebody changed %s', (_, change) =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_effect', { args: { cluster: 'test' } });
    await change(world);
    await expect(approve(world.approver, { id: idOf(asked) })).rejects.toThrow();
    expect(await rowOf(world, asked)).toMatchObject({ attempt: 0 });
  }),
);

test.each(CHANGES.filter(([what]) => !what.startsWith('the version')))(
  'approval.approve settles a call whose decision no longer fits: changed was %s',
  (_, change) =>
    inWorld(async (world) => {
      await servingAgent(world);
      const asked = await askFor(world, 'demo_effect', { args: { cluster: 'test' } });
      await change(world);
      await expect(approve(world.approver, { id: idOf(asked) })).rejects.toMatchObject({
        code: 'approval_stale',
      });
      await expectStale(world, asked);
      expect(await get(world.approver, { id: idOf(asked) })).toMatchObject({ status: 'withdrawn' });
    }),
);

test.each(CHANGES.filter(([what]) => what !== 'the digest of the tool'))(
  'fillSlots gives out no call that was approved before somebody changed %s',
  (_, change) =>
    inWorld(async (world) => {
      const { agent } = await servingAgent(world);
      const place = { workspace_id: world.seed.workspace_id };
      const asked = await askFor(world, 'demo_effect', { args: { cluster: 'test' } });
      await pause(world.operator, place);
      await approve(world.approver, { id: idOf(asked) });
      expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', attempt: 0 });
      await change(world);
      await resume(world.operator, place);
      await fillSlots(systemContext(world.services, world.operator.projectId), agent.id);
      await expectStale(world, asked);
    }),
);

test('approval.approve settles a call of a workspace whose policy was deleted meanwhile', () =>
  inWorld(async (world) => {
    const { operator, seed } = world;
    await servingAgent(world);
    const { id } = await set(operator, { workspace_id: seed.workspace_id, preset: 'elevated' });
    const asked = await askFor(world, 'demo_effect');
    await remove(operator, { id });
    await expect(approve(world.approver, { id: idOf(asked) })).rejects.toMatchObject({
      code: 'approval_stale',
    });
    await expectStale(world, asked);
  }));

test('approval.approve holds when another workspace’s or nobody’s policy was set', () =>
  inWorld(async (world) => {
    const { operator, seed } = world;
    await servingAgent(world);
    await set(operator, { workspace_id: seed.workspace_id, preset: 'elevated' });
    const asked = await askFor(world, 'demo_effect');
    await set(operator, { preset: 'restricted' });
    await set(operator, { workspace_id: seed.workspace_id, preset: 'elevated' });
    expect(await approve(world.approver, { id: idOf(asked) })).toMatchObject({ status: 'approved' });
  }));

test('approval.approve is stale when the key that asked, or one that comes from it, made the policy easier', () =>
  inWorld(async (world) => {
    const { operator, as, seed } = world;
    await servingAgent(world);
    const asking = await as(seed.keys.operator, 'mcp');
    const asked = await askFor(world, 'demo_effect', { ctx: asking });
    const draft = { principal_id: operator.actor.id, name: 'child', scopes: ['management' as const] };
    const child = await as((await mint(operator, { ...draft, can_decide: false })).value);
    await set(child, { workspace_id: seed.workspace_id, timeout_seconds_destructive: 60 });
    await expect(approve(world.approver, { id: idOf(asked) })).rejects.toMatchObject({
      code: 'approval_stale',
    });
    await expectStale(world, asked);
  }));

test('approval.reject needs no fresh policy: nothing would run', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_effect');
    await set(world.operator, { preset: 'elevated' });
    await reject(world.approver, { id: idOf(asked), reason: 'no' });
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'rejected',
      error: { code: 'approval_rejected' },
    });
  }));
