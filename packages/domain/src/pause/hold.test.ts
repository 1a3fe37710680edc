import { DAY_MS, ApprovalId, InvocationId, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { approve } from '../approval/approve.ts';
import { systemContext, type ProjectContext } from '../context.ts';
import { fillSlots } from '../execution/fill-slots.ts';
import { lapseAttempts } from '../execution/lapse.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import { list as listJournal } from '../journal/list.ts';
import {
  agentOf,
  askFor,
  attemptOf,
  end,
  inWorld,
  rowOf,
  servingAgent,
  start,
  type TestWorld,
} from '../testing/index.ts';
import { EACH_LEVEL, LEVELS } from '../testing/pause-levels.ts';
import { get as getWorkspace } from '../workspace/get.ts';

const QUEUE_MS = 600_000;

const system = ({ services, operator }: TestWorld): ProjectContext =>
  systemContext(services, operator.projectId);

const settleNow = (world: TestWorld, { id }: Pick<Invocation, 'id'>): Promise<void> =>
  settleDeadline(system(world), InvocationId.parse(id));

test.each(EACH_LEVEL)(
  '%s.pause leaves what runs alone, and holds what is asked for after it',
  (_noun, level) =>
    inWorld(async (world) => {
      const { agent: serving } = await servingAgent(world);
      const running = await askFor(world, 'demo_echo');
      await start(world, running);
      await level.pause(world, serving);
      const held = await askFor(world, 'demo_echo');
      expect(held).toMatchObject({ status: 'queued', attempt: 0, agent_id: null });
      expect(await rowOf(world, held)).toMatchObject({ heldRemainingMs: QUEUE_MS });
      await end(world, running);
      expect(await rowOf(world, running)).toMatchObject({ status: 'completed' });
      expect(await fillSlots(system(world), serving.id)).toBe(0);
      await level.resume(world, serving);
      expect(await fillSlots(system(world), serving.id)).toBe(1);
      expect(await rowOf(world, held)).toMatchObject({ attempt: 1, heldAt: null, heldRemainingMs: null });
    }),
);

test.each(EACH_LEVEL)('%s.pause stops the clock of what waits, %s.resume lets it run on', (_noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    const filling = await Promise.all([1, 2, 3, 4].map(() => askFor(world, 'demo_echo')));
    const asked = await askFor(world, 'demo_echo');
    await world.clock.advance(QUEUE_MS - 1000);
    await level.pause(world, serving);
    const pausedAt = world.clock.now();
    expect(await rowOf(world, asked)).toMatchObject({
      heldAt: pausedAt,
      heldRemainingMs: 1000,
      deadlineAt: pausedAt + DAY_MS,
    });
    for (const taken of filling) expect(await rowOf(world, taken)).toMatchObject({ heldAt: null });
    await world.clock.advance(DAY_MS - 1);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued' });
    await level.resume(world, serving);
    const deadlineAt = world.clock.now() + 1000;
    expect(await rowOf(world, asked)).toMatchObject({ heldAt: null, heldRemainingMs: null, deadlineAt });
  }),
);

test.each(EACH_LEVEL)('%s.pause holds a call for a day at most', (_noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    await level.pause(world, serving);
    const asked = await askFor(world, 'demo_echo');
    await world.clock.advance(DAY_MS);
    await settleNow(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'timeout',
      error: { code: 'queue_timeout', message: 'a pause held the call for 24 hours' },
      heldAt: null,
    });
  }),
);

test.each(EACH_LEVEL)('%s.pause holds a call that is approved under it', (_noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    const asked = await askFor(world, 'demo_effect');
    await level.pause(world, serving);
    await approve(world.approver, { id: ApprovalId.parse(asked.approval?.id) });
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'queued',
      attempt: 0,
      heldRemainingMs: QUEUE_MS,
    });
    await level.resume(world, serving);
    expect(await fillSlots(system(world), serving.id)).toBe(1);
  }),
);

test.each(EACH_LEVEL)('%s.pause holds a call that comes back under it', (_noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await level.pause(world, serving);
    await lapseAttempts(agentOf(world, attemptOf(asked)), serving.id);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', heldRemainingMs: QUEUE_MS });
  }),
);

test.each(EACH_LEVEL)('%s.pause lets no call out behind it, not even in the same commit', (noun, level) =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    const ask = () => askFor(world, 'demo_echo');
    await Promise.all([ask(), ask(), level.pause(world, serving), ask(), ask()]);
    const { data } = await listJournal(world.operator, { limit: 100 });
    const story = data.toReversed().map(({ type }) => type);
    expect(story.filter((type) => type === 'invocation.created')).toHaveLength(4);
    expect(story.lastIndexOf('invocation.created')).toBeGreaterThan(story.indexOf(`${noun}.paused`));
    expect(story.lastIndexOf('invocation.dispatched')).toBeLessThan(story.indexOf(`${noun}.paused`));
  }),
);

test.each(EACH_LEVEL)(
  '%s.resume leaves no clock standing that came behind it in its commit',
  (_noun, level) =>
    inWorld(async (world) => {
      const { agent: serving } = await servingAgent(world);
      await level.pause(world, serving);
      const ask = () => askFor(world, 'demo_echo');
      const [resumed, ...asked] = [level.resume(world, serving), ask(), ask(), ask()];
      await resumed;
      for (const call of await Promise.all(asked))
        expect(await rowOf(world, call)).toMatchObject({ heldAt: null, heldRemainingMs: null });
    }),
);

test('agent.pause leaves calls to the agents that are not paused, and workspaces show nothing of it', () =>
  inWorld(async (world) => {
    const { agent: first } = await servingAgent(world, { name: 'first' });
    const { agent: second } = await servingAgent(world, { name: 'second' });
    await LEVELS.agent.pause(world, first);
    for (const asked of await Promise.all([1, 2, 3].map(() => askFor(world, 'demo_echo'))))
      expect(asked).toMatchObject({ agent_id: second.id });
    const pinned = await askFor(world, 'demo_echo', { agent_id: first.id });
    expect(await rowOf(world, pinned)).toMatchObject({ attempt: 0, heldRemainingMs: QUEUE_MS });
    await LEVELS.agent.pause(world, second);
    expect(await rowOf(world, await askFor(world, 'demo_echo'))).toMatchObject({ heldRemainingMs: QUEUE_MS });
    await LEVELS.agent.resume(world, first);
    expect(await askFor(world, 'demo_echo')).toMatchObject({ agent_id: first.id });
    const { workspace_id } = world.seed;
    expect(await getWorkspace(world.operator, { workspace_id })).toMatchObject({ paused: null });
  }));

test('project.resume holds on to what a workspace under it holds by itself', () =>
  inWorld(async (world) => {
    const { agent: serving } = await servingAgent(world);
    await LEVELS.workspace.pause(world, serving);
    await LEVELS.project.pause(world, serving);
    const asked = await askFor(world, 'demo_echo');
    await LEVELS.project.resume(world, serving);
    expect(await rowOf(world, asked)).toMatchObject({ heldRemainingMs: QUEUE_MS });
    expect(await fillSlots(system(world), serving.id)).toBe(0);
    await LEVELS.workspace.resume(world, serving);
    expect(await rowOf(world, asked)).toMatchObject({ heldRemainingMs: null });
  }));
