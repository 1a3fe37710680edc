import { hashJson } from '@xem/protocol';
import { expect } from 'vitest';
import type { ExecutionRecord } from '../record/execution.ts';
import type { InvocationRecord } from '../record/invocation.ts';
import type { Queue } from '../store.ts';
import { makeAgentId, makeWorkspace } from '../testing/record/access.ts';
import { makeManifest } from '../testing/record/agent.ts';
import { makeExecution, makeInvocation } from '../testing/record/invocation.ts';
import { eachRow, idsOf, stageFor, type Contract } from './subject.ts';

type Stage = Awaited<ReturnType<typeof stageFor>>;

/** A call that the agent of the scene could take. */
const takeable = ({ making, workspace, tool }: Stage, some: Partial<InvocationRecord> = {}) =>
  makeInvocation(making, workspace, { toolDigest: tool.digest, ...some });

const insert = ({ store }: Stage, row: InvocationRecord, attempts: readonly ExecutionRecord[] = []) =>
  store.transact(async (tx) => {
    await tx.invocations.insert(row);
    for (const attempt of attempts) await tx.executions.insert(attempt);
  });

const takenBy = ({ store, agent, workspace }: Stage, change: Partial<Queue> = {}, limit = 9) =>
  store.read.invocations.queuedFor(
    { agentId: agent.id, workspaceId: workspace.id, withoutGated: false, withoutTools: [], ...change },
    limit,
  );

const LEFT_OUT: Readonly<Record<string, Partial<InvocationRecord>>> = {
  'of a digest that the agent has not': { toolDigest: hashJson('another') },
  'that is running': { status: 'running' },
  'that waits for a decision': { status: 'pending_approval' },
  'that has ended': { status: 'completed' },
};

const leavesOut = (what: string, some: Partial<InvocationRecord>): Contract => ({
  [`invocations.queuedFor leaves out a call ${what}`]: async (open) => {
    const stage = await stageFor(open);
    await insert(stage, takeable(stage, some));
    expect(await takenBy(stage)).toEqual([]);
  },
});

/** Which queued calls any store finds for an agent. */
export const queueContract: Contract = {
  ...eachRow(LEFT_OUT, leavesOut),

  'invocations.queuedFor leaves out a digest that stands for the agent and does not run': async (open) => {
    const stage = await stageFor(open);
    const held = { ...stage.tool, heldBehind: hashJson('another') };
    const manifest = makeManifest(stage.making, stage.agent, [held]);
    await insert(stage, takeable(stage));
    await stage.store.transact((tx) => tx.agents.publish(manifest, [held]));
    expect(await takenBy(stage)).toEqual([]);
  },

  'invocations.queuedFor leaves out a call that is pinned to another agent': async (open) => {
    const stage = await stageFor(open);
    await insert(stage, takeable(stage, { pinnedAgentId: makeAgentId(stage.making) }));
    expect(await takenBy(stage)).toEqual([]);
  },

  'invocations.queuedFor leaves out what waits in another workspace': async (open) => {
    const stage = await stageFor(open);
    const elsewhere = makeWorkspace(stage.making, { projectId: stage.project.id });
    await stage.store.transact((tx) => tx.workspaces.insert(elsewhere));
    await insert(stage, { ...takeable(stage), workspaceId: elsewhere.id });
    expect(await takenBy(stage)).toEqual([]);
  },

  'invocations.queuedFor leaves out destructive calls and tools that have no place, and nothing else': async (
    open,
  ) => {
    const stage = await stageFor(open);
    const [read, wipe, slow] = [
      takeable(stage, { queuedAt: 1 }),
      takeable(stage, { queuedAt: 2, risk: 'irreversible' }),
      takeable(stage, { queuedAt: 3, tool: 'demo_slow' }),
    ];
    for (const row of [read, wipe, slow]) await insert(stage, row);
    expect(idsOf(await takenBy(stage, { withoutGated: true }))).toEqual([read.id, slow.id]);
    expect(idsOf(await takenBy(stage, { withoutTools: ['demo_slow', 'demo_none'] }))).toEqual([
      read.id,
      wipe.id,
    ]);
    expect(idsOf(await takenBy(stage, { withoutGated: true, withoutTools: ['demo_slow'] }, 1))).toEqual([
      read.id,
    ]);
  },

  'invocations.queuedFor leaves out a call with an open attempt, not one with a closed one': async (open) => {
    const stage = await stageFor(open);
    const agentId = stage.agent.id;
    const [held, back] = [takeable(stage), takeable(stage)];
    await insert(stage, held, [makeExecution(stage.making, held, { agentId })]);
    await insert(stage, back, [makeExecution(stage.making, back, { agentId, status: 'refused' })]);
    expect(idsOf(await takenBy(stage))).toEqual([back.id]);
  },

  'invocations.queuedFor answers the oldest first, at most the limit': async (open) => {
    const stage = await stageFor(open);
    for (const queuedAt of [5, 3, 4, 1, 2]) await insert(stage, takeable(stage, { queuedAt }));
    const taken = await takenBy(stage, {}, 4);
    expect(taken.map(({ queuedAt }) => queuedAt)).toEqual([1, 2, 3, 4]);
    expect(await takenBy(stage)).toHaveLength(5);
  },

  'invocations.queuedFor answers a call that is pinned to the agent': async (open) => {
    const stage = await stageFor(open);
    const row = takeable(stage, { pinnedAgentId: stage.agent.id });
    await insert(stage, row);
    expect(await takenBy(stage)).toEqual([row]);
  },
};
