import { hashJson } from '@xem/protocol';
import { expect } from 'vitest';
import type { ExecutionFilter, ExecutionRecord } from '../record/execution.ts';
import { makeProject } from '../testing/record/access.ts';
import { makeAgent } from '../testing/record/agent.ts';
import { makeExecution, makeInvocation } from '../testing/record/invocation.ts';
import { idsOf, stageFor, type Contract, type OpenStore } from './subject.ts';

const DIGEST: NonNullable<ExecutionRecord['stdout']> = {
  bytes: 4,
  sha256: hashJson('x'),
  truncated: false,
  masked: 0,
  missing: [[0, 2]],
  media_type: 'text/plain',
};

/** A call with an attempt that failed and one that runs, on another agent. */
async function stageOfTwo(open: OpenStore) {
  const stage = await stageFor(open);
  const { store, making, workspace, agent, project } = stage;
  const second = makeAgent(making, { projectId: project.id, registrationName: 'host-2' });
  const call = makeInvocation(making, workspace);
  const lost = makeExecution(making, call, { agentId: agent.id, status: 'lost', createdAt: 1000 });
  const running = makeExecution(making, call, {
    agentId: second.id,
    attempt: 2,
    status: 'running',
    createdAt: 2000,
    tool: 'other',
  });
  await store.transact(async (tx) => {
    await tx.agents.insert(second);
    await tx.invocations.insert(call);
    await tx.executions.insert(lost);
    await tx.executions.insert(running);
  });
  return { ...stage, call, second, lost, running };
}

/** What any store does with executions. */
export const executionContract: Contract = {
  'executions.save keeps what an attempt came to': async (open) => {
    const { store, project, running } = await stageOfTwo(open);
    const ended: ExecutionRecord = {
      ...running,
      status: 'failed',
      exitCode: 3,
      signal: 'SIGTERM',
      endedBy: 'timeout',
      error: { code: 'tool_failed', message: 'exit 3' },
      stdout: DIGEST,
      stderr: DIGEST,
      evidence: true,
      durationMs: 12,
      outputExpiresAt: 13,
      startedAt: 14,
      endedAt: 15,
      lostAt: 16,
    };
    const saved = await store.transact((tx) => tx.executions.save(ended));
    expect(saved).toEqual({ ...ended, version: 2 });
    expect(await store.read.executions.get(project.id, running.id)).toEqual(saved);
    await expect(store.transact((tx) => tx.executions.save(ended))).rejects.toThrow(/version 1/);
  },

  'executions.get keeps to a project, executions.find does not': async (open) => {
    const { store, making, lost } = await stageOfTwo(open);
    expect(await store.read.executions.get(makeProject(making).id, lost.id)).toBeNull();
    expect(await store.read.executions.find(lost.id)).toEqual(lost);
  },

  'executions.insert refuses an attempt at nothing': async (open) => {
    const { store, making, workspace, agent } = await stageOfTwo(open);
    const orphan = makeExecution(making, makeInvocation(making, workspace), { agentId: agent.id });
    await expect(store.transact((tx) => tx.executions.insert(orphan))).rejects.toThrow(Error);
  },

  'executions.list answers the attempts that pass every filter, newest first': async (open) => {
    const { store, project, workspace, call, second, lost, running } = await stageOfTwo(open);
    const both = [running.id, lost.id];
    const filters: readonly (readonly [ExecutionFilter, readonly string[]])[] = [
      [{}, both],
      [{ status: 'lost' }, [lost.id]],
      [{ tool: 'other' }, [running.id]],
      [{ workspaceId: workspace.id }, both],
      [{ agentId: second.id }, [running.id]],
      [{ invocationId: call.id }, both],
      [{ createdAfter: 1000 }, both],
      [{ createdAfter: 1001 }, [running.id]],
      [{ createdBefore: 2000, invocationId: call.id }, [lost.id]],
    ];
    for (const [filter, expected] of filters) {
      const found = await store.read.executions.list(project.id, filter, { limit: 9 });
      expect(idsOf(found)).toEqual(expected);
    }
    const next = await store.read.executions.list(project.id, {}, { limit: 1, after: running });
    expect(idsOf(next)).toEqual([lost.id]);
  },

  'executions.openOf answers the attempts of an agent that have not ended': async (open) => {
    const { store, agent, second, running } = await stageOfTwo(open);
    expect(await store.read.executions.openOf(second.id)).toEqual([running]);
    expect(await store.read.executions.openOf(agent.id)).toEqual([]);
    expect(await store.read.executions.agentsWithOpen()).toEqual([second.id]);
  },
};
