import { PrincipalId } from '@xem/protocol';
import { expect } from 'vitest';
import type { InvocationFilter, InvocationRecord } from '../record/invocation.ts';
import { makeProject, makeWorkspace } from '../testing/record/access.ts';
import { makeApproval, makeInvocation } from '../testing/record/invocation.ts';
import { idsOf, stageFor, type Contract, type OpenStore } from './subject.ts';

const BOT = PrincipalId.parse('prn_00000000000000000000000b');

/** Three calls, oldest first, that differ in everything a list filters by. */
async function stageOfThree(open: OpenStore) {
  const stage = await stageFor(open);
  const { making, workspace, agent, project } = stage;
  const elsewhere = makeWorkspace(making, { projectId: project.id });
  const requestedBy = { id: BOT, kind: 'service' as const, name: 'bot' };
  const rows = [
    makeInvocation(making, workspace, { createdAt: 1000, tool: 'first', status: 'completed' }),
    makeInvocation(making, workspace, { createdAt: 2000, agentId: agent.id, surface: 'cli' }),
    makeInvocation(making, elsewhere, { createdAt: 3000, requestedBy }),
  ];
  await stage.store.transact(async (tx) => {
    await tx.workspaces.insert(elsewhere);
    for (const row of rows) await tx.invocations.insert(row);
  });
  const filters: readonly (readonly [InvocationFilter, readonly number[]])[] = [
    [{}, [2, 1, 0]],
    [{ tool: 'first' }, [0]],
    [{ status: 'queued' }, [2, 1]],
    [{ workspaceId: workspace.id }, [1, 0]],
    [{ agentId: agent.id }, [1]],
    [{ surface: 'cli' }, [1]],
    [{ requestedBy: BOT }, [2]],
    [{ createdAfter: 1000 }, [2, 1, 0]],
    [{ createdAfter: 1001 }, [2, 1]],
    [{ createdBefore: 3000 }, [1, 0]],
    [{ createdAfter: 1001, createdBefore: 3000, status: 'queued', tool: 'demo_echo' }, [1]],
    [{ status: 'failed' }, []],
  ];
  return { ...stage, rows, filters };
}

/** What any store does with invocations. */
export const invocationContract: Contract = {
  'invocations.get answers a row as it was stored, to its own project only': async (open) => {
    const { store, making, project, workspace, agent } = await stageFor(open);
    const row = makeInvocation(making, workspace, {
      args: { text: 'ü\u0000"', nested: { list: [1, null, true] } },
      reason: 'because',
      pinnedAgentId: agent.id,
      traceparent: '00-0-0-00',
      result: { exitCode: null, signal: 'SIGKILL', stdoutBytes: 1, stderrBytes: 2, durationMs: 3 },
      error: { code: 'agent_lost', message: 'gone' },
    });
    await store.transact((tx) => tx.invocations.insert(row));
    expect(await store.read.invocations.get(project.id, row.id)).toEqual(row);
    expect(await store.read.invocations.get(makeProject(making).id, row.id)).toBeNull();
  },

  'invocations.end keeps what may change and grows the version': async (open) => {
    const { store, making, project, workspace, agent } = await stageFor(open);
    const row = makeInvocation(making, workspace);
    const approval = makeApproval(making, row);
    const changed: InvocationRecord = {
      ...row,
      status: 'failed',
      agentId: agent.id,
      attempt: 2,
      losses: 1,
      approval: { id: approval.id, status: 'approved', expiresAt: 5 },
      cancelRequestedAt: 6,
      error: { code: 'tool_failed', message: 'exit 1' },
      result: { exitCode: 1, signal: null, stdoutBytes: 0, stderrBytes: 9, durationMs: 7 },
      queuedAt: 8,
      startedAt: 9,
      endedAt: 10,
      deadlineAt: null,
    };
    const saved = await store.transact(async (tx) => {
      await tx.invocations.insert(row);
      return tx.invocations.end(changed, 0);
    });
    expect(saved).toEqual({ ...changed, version: 2 });
    expect(await store.read.invocations.get(project.id, row.id)).toEqual(saved);
  },

  'invocations.save refuses a row that was changed since it was read': async (open) => {
    const { store, making, project, workspace } = await stageFor(open);
    const row = makeInvocation(making, workspace);
    await store.transact((tx) => tx.invocations.insert(row));
    const outcomes = await Promise.allSettled(
      [1, 2].map((attempt) => store.transact((tx) => tx.invocations.save({ ...row, attempt }))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('version 1') } });
    expect(await store.read.invocations.get(project.id, row.id)).toMatchObject({ attempt: 1, version: 2 });
  },

  'invocations.count tells how many calls of a project are in a status': async (open) => {
    const { store, project, making } = await stageOfThree(open);
    const { invocations } = store.read;
    expect(await invocations.count(project.id, 'queued')).toBe(2);
    expect(await invocations.count(project.id, 'failed')).toBe(0);
    expect(await invocations.count(makeProject(making).id, 'queued')).toBe(0);
  },

  'invocations.insert refuses a workspace that does not exist': async (open) => {
    const { store, making, project } = await stageFor(open);
    const nowhere = makeWorkspace(making, { projectId: project.id });
    const insert = store.transact((tx) => tx.invocations.insert(makeInvocation(making, nowhere)));
    await expect(insert).rejects.toThrow(Error);
  },

  'invocations.list answers the calls of a project that pass every filter, newest first': async (open) => {
    const { store, project, making, rows, filters } = await stageOfThree(open);
    for (const [filter, expected] of filters) {
      const found = await store.read.invocations.list(project.id, filter, { limit: 9 });
      expect(idsOf(found)).toEqual(expected.map((nth) => rows[nth]?.id));
    }
    expect(await store.read.invocations.list(makeProject(making).id, {}, { limit: 9 })).toEqual([]);
  },

  'invocations.list goes on after a position, through equal times': async (open) => {
    const { store, making, project, workspace } = await stageFor(open);
    const rows = Array.from({ length: 7 }, (_, nth) =>
      makeInvocation(making, workspace, { createdAt: nth < 5 ? 1000 : 2000 }),
    );
    await store.transact(async (tx) => {
      for (const row of rows) await tx.invocations.insert(row);
    });
    const whole = await store.read.invocations.list(project.id, {}, { limit: 9 });
    const paged: InvocationRecord[] = [];
    for (;;) {
      const page = await store.read.invocations.list(project.id, {}, { limit: 3, after: paged.at(-1) });
      paged.push(...page);
      if (page.length < 3) break;
    }
    expect(paged).toEqual(whole);
    expect(whole).toHaveLength(7);
  },

  'invocations.due answers calls of every project whose deadline has come, earliest first': async (open) => {
    const { store, making, workspace } = await stageFor(open);
    const rows = [30, 10, 20, null].map((deadlineAt) => makeInvocation(making, workspace, { deadlineAt }));
    await store.transact(async (tx) => {
      for (const row of rows) await tx.invocations.insert(row);
    });
    const due = async (now: number, limit: number) =>
      (await store.read.invocations.due(now, limit)).map(({ deadlineAt }) => deadlineAt);
    expect(await due(9, 9)).toEqual([]);
    expect(await due(20, 9)).toEqual([10, 20]);
    expect(await due(99, 1)).toEqual([10]);
  },
};
