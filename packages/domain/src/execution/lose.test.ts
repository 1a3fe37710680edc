import { ExecutionId, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { agentContext, systemContext, type ProjectContext } from '../context.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import { settleRestored } from '../restore/settle-restored.ts';
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
import { fillSlots } from './fill-slots.ts';
import { lapseAttempts } from './lapse.ts';
import { reconcile, type Return } from './reconcile.ts';

type Serving = Awaited<ReturnType<typeof servingAgent>>;

const contextOf = ({ services }: TestWorld, { agent }: Serving): ProjectContext =>
  agentContext(services, { projectId: agent.projectId, agentId: agent.id });

/** The agent says hello again; unless said it lists nothing, under the journal it always had. */
const comeBack = (world: TestWorld, serving: Serving, change: Partial<Return> = {}) =>
  reconcile(contextOf(world, serving), {
    agentId: serving.agent.id,
    journalId: serving.arrival.journalId,
    unacknowledged: [],
    ...change,
  });

const listing = (asked: Invocation): Partial<Return> => {
  const { executionId, attempt } = attemptOf(asked);
  return { unacknowledged: [{ execution_id: executionId, attempt, state: 'running' }] };
};

const passGrace = async (world: TestWorld, { id }: Invocation): Promise<void> => {
  await world.clock.advance(60_000);
  await settleDeadline(systemContext(world.services, world.operator.projectId), id);
};

test.each(['demo_echo', 'demo_write'])(
  'reconcile puts a dispatched %s that the agent does not know back in the queue',
  (tool) =>
    inWorld(async (world) => {
      const serving = await servingAgent(world);
      const asked = await askFor(world, tool);
      await comeBack(world, serving);
      expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', executionId: null, losses: 0 });
      expect(await attemptRow(world, attemptOf(asked))).toMatchObject({ status: 'lost' });
      world.services.fleet.release(serving.agent.id, attemptOf(asked).executionId);
      expect(await fillSlots(contextOf(world, serving), serving.agent.id)).toBe(1);
      expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', attempt: 2 });
    }),
);

test('reconcile goes on with what the agent lists, from the byte the router has', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    const { executionId, attempt } = attemptOf(asked);
    const projectId = serving.agent.projectId;
    await world.store.outputs.append({
      projectId,
      executionId,
      stream: 'stdout',
      offset: 0,
      bytes: Buffer.from('abc'),
    });
    expect(await comeBack(world, serving, listing(asked))).toMatchObject({
      resume: [{ execution_id: executionId, attempt, stdout: 3, stderr: 0 }],
      abort: [],
      settled: [],
    });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running' });
  }));

test('reconcile gives up what ran under another journal, and repeats only what may be repeated', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const [read, write, again] = [
      await askFor(world, 'demo_echo'),
      await askFor(world, 'demo_write'),
      await askFor(world, 'demo_again'),
    ];
    for (const asked of [read, write, again]) await start(world, asked);
    await comeBack(world, serving, { journalId: 'f'.repeat(24) });
    expect(await rowOf(world, read)).toMatchObject({ status: 'queued', losses: 1 });
    expect(await rowOf(world, again)).toMatchObject({ status: 'queued', losses: 1 });
    expect(await rowOf(world, write)).toMatchObject({ status: 'failed', error: { code: 'agent_lost' } });
  }));

test('reconcile tells the agent to stop what nobody waits for, and to forget what is settled', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    await lapseAttempts(contextOf(world, serving), serving.agent.id);
    await passGrace(world, asked);
    const { executionId, attempt } = attemptOf(asked);
    const back = await comeBack(world, serving, listing(asked));
    expect(back).toMatchObject({ abort: [{ execution_id: executionId, attempt }], settled: [] });
  }));

test.each(['accepted', 'running', 'ended'] as const)(
  'reconcile tells the agent to stop what it %s and the store knows nothing of',
  (state) =>
    inWorld(async (world) => {
      const serving = await servingAgent(world);
      await settleRestored(world.services, { projectId: serving.agent.projectId, madeAt: 0 });
      const stray = { execution_id: ExecutionId.parse(world.services.ids.uuid()), attempt: 2 };
      const back = await comeBack(world, serving, { unacknowledged: [{ ...stray, state }] });
      expect(back).toMatchObject({
        abort: [stray],
        strays: [stray],
        settled: [],
        resume: [{ ...stray, stdout: 0, stderr: 0 }],
      });
    }),
);

test('reconcile tells the agent to forget what no restore can have made the store forget', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const madeUp = { execution_id: ExecutionId.parse(world.services.ids.uuid()), attempt: 1 };
    const back = await comeBack(world, serving, { unacknowledged: [{ ...madeUp, state: 'running' }] });
    expect(back).toMatchObject({ abort: [], strays: [], settled: [madeUp] });
  }));

test('reconcile hears of no more than a thousand attempts that the store knows nothing of, and stops all', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    await settleRestored(world.services, { projectId: serving.agent.projectId, madeAt: 0 });
    const unacknowledged = Array.from({ length: 1001 }, () => ({
      execution_id: ExecutionId.parse(world.services.ids.uuid()),
      attempt: 1,
      state: 'running' as const,
    }));
    const { strays, abort, settled } = await comeBack(world, serving, { unacknowledged });
    expect([strays.length, abort.length, settled.length]).toEqual([1000, 1001, 0]);
  }));

test('lapseAttempts repeats a tool that reads at once', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await lapseAttempts(contextOf(world, serving), serving.agent.id);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', losses: 1 });
  }));

test('lapseAttempts waits its grace for any other, and then says that the outcome is unknown', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    await lapseAttempts(contextOf(world, serving), serving.agent.id);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running' });
    await passGrace(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'failed', error: { code: 'agent_lost' } });
  }));

test('lapseAttempts is undone by an agent that comes back in time', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    const before = await rowOf(world, asked);
    await world.clock.advance(1000);
    await lapseAttempts(contextOf(world, serving), serving.agent.id);
    await comeBack(world, serving, listing(asked));
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running', deadlineAt: before.deadlineAt });
    expect(await attemptRow(world, attemptOf(asked))).toMatchObject({ status: 'running', lostAt: null });
  }));

test('lapseAttempts gives a tool that reads up after three losses', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    for (let loss = 1; loss <= 3; loss += 1) {
      const { executionId, attempt } = await rowOf(world, asked);
      await start(world, Object.assign(asked, { execution_id: executionId, attempt }));
      await lapseAttempts(contextOf(world, serving), serving.agent.id);
      world.services.fleet.release(serving.agent.id, attemptOf(asked).executionId);
      await fillSlots(contextOf(world, serving), serving.agent.id);
    }
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'failed',
      error: { code: 'attempts_exhausted' },
    });
  }));
