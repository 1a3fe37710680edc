import { AgentId } from '@xem/protocol';
import { expect } from 'vitest';
import type { InvocationRecord } from '../record/invocation.ts';
import { makePrincipal, makeWorkspace, refTo } from '../testing/record/access.ts';
import { makeAgent } from '../testing/record/agent.ts';
import { makeExecution, makeInvocation } from '../testing/record/invocation.ts';
import { eachRow, idsOf, stageFor, type Contract } from './subject.ts';

type Stage = Awaited<ReturnType<typeof stageFor>>;

const AT = 1_000_000;
const UNTIL = 9_000_000;

const pausedBy = ({ making, project }: Stage) => ({
  reason: null,
  by: refTo(makePrincipal(making, { projectId: project.id })),
  at: '2026-01-01T00:00:00.000Z',
});

async function queued(stage: Stage, some: Partial<InvocationRecord> = {}): Promise<InvocationRecord> {
  const { making, workspace, tool, store } = stage;
  const row = makeInvocation(making, workspace, {
    toolDigest: tool.digest,
    deadlineAt: AT + 500,
    ...some,
  });
  await store.transact((tx) => tx.invocations.insert(row));
  return row;
}

const hold = ({ store }: Stage, kind: InvocationRecord) =>
  store.transact((tx) => tx.invocations.hold(kind, { at: AT, until: UNTIL }));

const again = ({ store, project }: Stage, { id }: InvocationRecord) =>
  store.read.invocations.get(project.id, id);

const kindOf = ({ projectId, workspaceId, tool, toolDigest, pinnedAgentId }: InvocationRecord) => ({
  projectId,
  workspaceId,
  tool,
  toolDigest,
  pinnedAgentId,
});

const LEFT_ALONE: Readonly<Record<string, Partial<InvocationRecord>>> = {
  'of another digest': { toolDigest: 'another' },
  'that is pinned': { pinnedAgentId: AgentId.parse('agt_000000000000000000000009') },
  'that is running': { status: 'running' },
  'that is held since long': { heldAt: 1, heldRemainingMs: 2 },
};

const leavesAlone = (what: string, some: Partial<InvocationRecord>): Contract => ({
  [`invocations.hold leaves a call alone ${what}`]: async (open) => {
    const stage = await stageFor(open);
    const row = await queued(stage, some);
    await hold(stage, await queued(stage));
    expect(await again(stage, row)).toEqual(row);
  },
});

/** What any store does with pauses, and with the clocks of the calls they hold. */
export const pauseContract: Contract = {
  ...eachRow(LEFT_ALONE, leavesAlone),

  'invocations.hold stops the clock of what waits, and invocations.release lets it run on': async (open) => {
    const stage = await stageFor(open);
    const [waiting, late] = [await queued(stage), await queued(stage, { deadlineAt: AT - 1 })];
    await hold(stage, waiting);
    const held = { heldAt: AT, deadlineAt: UNTIL };
    expect(await again(stage, waiting)).toMatchObject({ ...held, heldRemainingMs: 500, version: 2 });
    expect(await again(stage, late)).toMatchObject({ ...held, heldRemainingMs: 0 });
    await stage.store.transact((tx) => tx.invocations.release(waiting, AT + 100_000));
    const released = { heldAt: null, heldRemainingMs: null, deadlineAt: AT + 100_500, version: 3 };
    expect(await again(stage, waiting)).toMatchObject(released);
  },

  'invocations.hold leaves a call alone that an agent has': async (open) => {
    const stage = await stageFor(open);
    const row = await queued(stage);
    const attempt = makeExecution(stage.making, row, { agentId: stage.agent.id });
    await stage.store.transact((tx) => tx.executions.insert(attempt));
    await hold(stage, row);
    expect(await again(stage, row)).toEqual(row);
  },

  'invocations.queuedKinds tells each kind of a project once': async (open) => {
    const stage = await stageFor(open);
    const row = await queued(stage);
    await queued(stage);
    await queued(stage, { status: 'completed', toolDigest: 'done' });
    const pinned = await queued(stage, { pinnedAgentId: stage.agent.id });
    const kinds = await stage.store.read.invocations.queuedKinds(stage.project.id);
    expect(kinds).toHaveLength(2);
    expect(kinds).toEqual(expect.arrayContaining([kindOf(row), kindOf(pinned)]));
  },

  'invocations.queuedFor leaves out a workspace that is paused': async (open) => {
    const stage = await stageFor(open);
    await queued(stage);
    const { store, workspace, agent } = stage;
    const paused = pausedBy(stage);
    const place = { agentId: agent.id, workspaceId: workspace.id };
    const queue = { ...place, withoutGated: false, withoutTools: [] };
    const saved = await store.transact((tx) => tx.workspaces.save({ ...workspace, paused }));
    expect(await store.read.invocations.queuedFor(queue, 9)).toEqual([]);
    await store.transact((tx) => tx.workspaces.save({ ...saved, paused: null }));
    expect(await store.read.invocations.queuedFor(queue, 9)).toHaveLength(1);
  },

  'agents.paused and workspaces.paused tell what is paused': async (open) => {
    const stage = await stageFor(open);
    const { store, making, project, agent, workspace } = stage;
    expect(await store.read.agents.paused()).toEqual([]);
    expect(await store.read.workspaces.paused()).toEqual([]);
    const paused = pausedBy(stage);
    await store.transact(async (tx) => {
      await tx.workspaces.insert(makeWorkspace(making, { projectId: project.id }));
      await tx.agents.save({ ...agent, paused });
      await tx.workspaces.save({ ...workspace, paused });
    });
    expect(idsOf(await store.read.agents.paused())).toEqual([agent.id]);
    expect(idsOf(await store.read.workspaces.paused())).toEqual([workspace.id]);
  },

  'agents.barred finds a key that was banned or revoked, by either key': async (open) => {
    const { store, making, project, agent } = await stageFor(open);
    const banned = makeAgent(making, { projectId: project.id, status: 'banned' });
    const revoked = makeAgent(making, { projectId: project.id, status: 'evicted', credentialsRevokedAt: 1 });
    const evicted = makeAgent(making, { projectId: project.id, status: 'evicted' });
    await store.transact(async (tx) => {
      for (const row of [banned, revoked, evicted]) await tx.agents.insert(row);
    });
    const { agents } = store.read;
    expect(await agents.barred({ curveKey: banned.curveKey, signingKey: 'new' })).toEqual(banned);
    expect(await agents.barred({ curveKey: 'new', signingKey: revoked.signingKey })).toEqual(revoked);
    expect(await agents.barred(evicted)).toBeNull();
    expect(await agents.barred(agent)).toBeNull();
  },
};
