import { pauseAgent, pauseProject, pauseWorkspace } from '@xem/protocol';
import { expect, test } from 'vitest';
import { get as getAgent } from '../agent/get.ts';
import * as agent from '../agent/pause.ts';
import * as project from '../project/pause.ts';
import { askFor, inWorld, servingAgent, type TestWorld } from '../testing/index.ts';
import { EACH_LEVEL, LEVELS, type Serving } from '../testing/pause-levels.ts';
import * as workspace from '../workspace/pause.ts';
import { loadPauses } from './load.ts';
import { createPauses } from './pauses.ts';

const REASON = 'upgrade';

const typesOf = async ({ store, operator }: TestWorld): Promise<readonly string[]> =>
  (await store.read.journal.list(operator.projectId, {}, { limit: 50 })).map(({ type }) => type);

test.each(EACH_LEVEL)('%s.pause shows who paused it and why, and again changes nothing', (noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    await level.pause(world, serving, REASON);
    const shown = await level.shown(world, serving);
    const { id, name } = world.operator.caller.principal;
    const paused = { reason: REASON, by: { id, kind: 'human', name }, at: '2026-01-01T00:00:00.000Z' };
    expect(shown).toMatchObject({ paused });
    await world.clock.advance(1000);
    await level.pause(world, serving, 'another');
    expect(await level.shown(world, serving)).toEqual(shown);
    expect((await typesOf(world)).filter((type) => type === `${noun}.paused`)).toHaveLength(1);
  }),
);

test.each(EACH_LEVEL)('%s.resume lets go what is paused, and again changes nothing', (noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    await level.resume(world, serving);
    await level.pause(world, serving);
    expect(await level.shown(world, serving)).toMatchObject({ paused: { reason: null } });
    await level.resume(world, serving);
    await level.resume(world, serving);
    expect(await level.shown(world, serving)).toMatchObject({ paused: null });
    expect((await typesOf(world)).filter((type) => type === `${noun}.resumed`)).toHaveLength(1);
  }),
);

test.each(EACH_LEVEL)('%s.pause is known again after a restart', (_noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    await level.pause(world, serving);
    const pauses = createPauses();
    await loadPauses({ store: world.store, pauses });
    const service = { ...world.service, pauses };
    expect(await askFor(world, 'demo_echo', { ctx: service })).toMatchObject({ attempt: 0 });
  }),
);

test('workspace.pause shows in the workspaces of its agents', () =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    await LEVELS.workspace.pause(world, serving);
    const shown = await getAgent(world.operator, { id: serving.id });
    expect(shown).toMatchObject({ paused: null, workspaces: [{ paused: true }] });
  }));

test('agent.pause and agent.resume show in actions what is possible next', () =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    const actions = async () => (await getAgent(world.operator, { id: serving.id })).actions;
    expect(await actions()).toContain('pause');
    await LEVELS.agent.pause(world, serving);
    expect(await actions()).toContain('resume');
    expect(await actions()).not.toContain('pause');
  }));

test.each(EACH_LEVEL)('%s.pause is taken back in memory when its commit fails', (_noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    const broken: TestWorld = {
      ...world,
      operator: {
        ...world.operator,
        store: {
          ...world.store,
          transact: async (body) => {
            await world.store.transact(body).then(() => world.store);
            throw new Error('the disk failed');
          },
        },
      },
    };
    await expect(level.pause(broken, serving)).rejects.toThrow('the disk failed');
    expect(world.services.pauses.isEmpty()).toBe(true);
  }),
);

test.each([
  [
    'agent.pause',
    'agent_not_found',
    (world: TestWorld, { id }: Serving) => agent.pause(world.foreigner, { id }),
  ],
  [
    'agent.resume',
    'agent_not_found',
    (world: TestWorld, { id }: Serving) => agent.resume(world.foreigner, { id }),
  ],
  [
    'agent.pause',
    'scope_insufficient',
    (world: TestWorld, { id }: Serving) => agent.pause(world.service, { id }),
  ],
  [
    'workspace.pause',
    'workspace_not_found',
    ({ foreigner, seed }: TestWorld) => workspace.pause(foreigner, { workspace_id: seed.workspace_id }),
  ],
  [
    'workspace.resume',
    'scope_insufficient',
    ({ service, seed }: TestWorld) => workspace.resume(service, { workspace_id: seed.workspace_id }),
  ],
  ['project.pause', 'scope_insufficient', ({ service }: TestWorld) => project.pause(service, {})],
] as const)('%s is refused with %s', (_verb, code, ask) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    await expect(ask(world, serving)).rejects.toMatchObject({ code });
  }),
);

test.each([pauseAgent, pauseWorkspace, pauseProject])(
  '$id takes a reason of 500 characters at most',
  ({ input }) => {
    const issues = input.safeParse({ reason: 'x'.repeat(501) }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('/'))).toContain('reason');
  },
);
