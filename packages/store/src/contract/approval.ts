import { expect } from 'vitest';
import type { ApprovalFilter, ApprovalRecord } from '../record/approval.ts';
import { makePrincipal, makeProject, refTo } from '../testing/record/access.ts';
import { makeApproval, makeInvocation } from '../testing/record/invocation.ts';
import { idsOf, stageFor, type Contract, type OpenStore } from './subject.ts';

/** A pending approval and one that was given. */
async function stageOfTwo(open: OpenStore) {
  const stage = await stageFor(open);
  const { store, making, workspace } = stage;
  const calls = [
    makeInvocation(making, workspace),
    makeInvocation(making, workspace, { tool: 'wipe' }),
  ] as const;
  const pending = makeApproval(making, calls[0], { createdAt: 1000, stageExpiresAt: 50 });
  const approved = makeApproval(making, calls[1], {
    createdAt: 2000,
    status: 'approved',
    risk: 'irreversible',
    stageExpiresAt: 40,
  });
  await store.transact(async (tx) => {
    for (const call of calls) await tx.invocations.insert(call);
    for (const row of [pending, approved]) await tx.approvals.insert(row);
  });
  return { ...stage, pending, approved };
}

/** What any store does with approvals. */
export const approvalContract: Contract = {
  'approvals.save keeps a decision': async (open) => {
    const { store, making, project, pending } = await stageOfTwo(open);
    const by = refTo(makePrincipal(making, { projectId: project.id }));
    const decided: ApprovalRecord = {
      ...pending,
      status: 'approved',
      stageIndex: 1,
      stages: [...pending.stages, { groups: ['ops'], expiresAt: 99 }],
      decisions: [
        {
          id: 'dec_1',
          decision: 'approve',
          decided_by: by,
          note: null,
          channel: 'cli',
          stage: 0,
          at: '2026-01-01T00:00:00.000Z',
          groups: ['ops'],
        },
      ],
      decidedBy: by,
      decisionNote: 'fine',
      decidedAt: 77,
    };
    const saved = await store.transact((tx) => tx.approvals.save(decided));
    expect(saved).toEqual({ ...decided, version: 2 });
    expect(await store.read.approvals.get(project.id, pending.id)).toEqual(saved);
    expect(await store.read.approvals.get(makeProject(making).id, pending.id)).toBeNull();
    await expect(store.transact((tx) => tx.approvals.save(decided))).rejects.toThrow(/version 1/);
  },

  'approvals.list answers those that pass every filter, newest first': async (open) => {
    const { store, project, workspace, pending, approved } = await stageOfTwo(open);
    const both = [approved.id, pending.id];
    const filters: readonly (readonly [ApprovalFilter, readonly string[]])[] = [
      [{}, both],
      [{ status: 'pending' }, [pending.id]],
      [{ risk: 'irreversible' }, [approved.id]],
      [{ tool: 'wipe' }, [approved.id]],
      [{ workspaceId: workspace.id }, both],
      [{ invocationId: pending.invocationId }, [pending.id]],
      [{ invocationId: pending.invocationId, status: 'approved' }, []],
    ];
    for (const [filter, expected] of filters) {
      const found = await store.read.approvals.list(project.id, filter, { limit: 9 });
      expect(idsOf(found)).toEqual(expected);
    }
  },
};
