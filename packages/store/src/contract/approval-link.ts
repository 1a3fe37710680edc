import { ApiKeyId, LinkId, sha256Hex } from '@xem/protocol';
import { expect } from 'vitest';
import type { ApprovalLinkRecord } from '../record/link.ts';
import { makePrincipal, makeProject, refTo } from '../testing/record/access.ts';
import { makeApproval, makeInvocation } from '../testing/record/invocation.ts';
import { idsOf, stageFor, type Contract, type OpenStore } from './subject.ts';

/** An approval with two links to decide it. */
async function stageOfTwo(open: OpenStore) {
  const stage = await stageFor(open);
  const { store, making, project, workspace } = stage;
  const call = makeInvocation(making, workspace);
  const approval = makeApproval(making, call);
  const personOf = () => refTo(makePrincipal(making, { projectId: project.id }));
  const link = (token: string, createdAt: number): ApprovalLinkRecord => ({
    id: LinkId.parse(`lnk_${making.ids.hex()}`),
    version: 1,
    tokenSha256: sha256Hex(token),
    projectId: project.id,
    approvalId: approval.id,
    reviewer: personOf(),
    mintedBy: personOf(),
    minterKeyId: ApiKeyId.parse(`key_${making.ids.hex()}`),
    groups: ['ops'],
    createdAt,
    expiresAt: 99,
    usedAt: null,
  });
  const [first, second] = [link('first', 1), link('second', 2)] as const;
  await store.transact(async (tx) => {
    await tx.invocations.insert(call);
    await tx.approvals.insert(approval);
    for (const row of [first, second]) await tx.approvalLinks.insert(row);
  });
  return { ...stage, approval, first, second };
}

/** What any store does with links to decide an approval. */
export const approvalLinkContract: Contract = {
  'approvalLinks are found by the hash of their token, and of an approval newest first': async (open) => {
    const { store, making, project, approval, first, second } = await stageOfTwo(open);
    const { approvalLinks } = store.read;
    expect(await approvalLinks.byToken(first.tokenSha256)).toEqual(first);
    expect(await approvalLinks.byToken('first')).toBeNull();
    expect(idsOf(await approvalLinks.ofApproval(project.id, approval.id))).toEqual([second.id, first.id]);
    expect(await approvalLinks.ofApproval(makeProject(making).id, approval.id)).toEqual([]);
  },

  'approvalLinks.save changes token, end and use, once for each version': async (open) => {
    const { store, first } = await stageOfTwo(open);
    const used = { ...first, tokenSha256: sha256Hex('session'), expiresAt: 50, usedAt: 7 };
    const saved = await store.transact((tx) => tx.approvalLinks.save(used));
    expect(saved).toEqual({ ...used, version: 2 });
    expect(await store.read.approvalLinks.byToken(used.tokenSha256)).toEqual(saved);
    expect(await store.read.approvalLinks.byToken(first.tokenSha256)).toBeNull();
    await expect(store.transact((tx) => tx.approvalLinks.save(used))).rejects.toThrow(/version 1/);
  },

  'approvalLinks.insert refuses a token that is taken': async (open) => {
    const { store, making, first } = await stageOfTwo(open);
    const twin = { ...first, id: LinkId.parse(`lnk_${making.ids.hex()}`) };
    await expect(store.transact((tx) => tx.approvalLinks.insert(twin))).rejects.toThrow(Error);
  },
};
