import { ExecError } from '@xem/errors';
import type { Approval, ApprovalId, getApproval, ParsedInputOf } from '@xem/protocol';
import type { ApprovalReader, ApprovalRecord, PolicyReader, PolicyRules } from '@xem/store';
import type { ProjectContext, VerbContext } from '../context.ts';
import { presentApproval } from './present.ts';

/** The row of an approval of the project. @throws ExecError approval_not_found, another project's id too */
export async function loadApproval(
  ctx: ProjectContext,
  rows: ApprovalReader,
  id: ApprovalId,
): Promise<ApprovalRecord> {
  const row = await rows.get(ctx.projectId, id);
  if (row) return row;
  throw new ExecError('approval_not_found', `the project has no approval ${id}`);
}

/** The rules of the policy version that an approval is bound to. */
export async function rulesOf(policies: PolicyReader, approval: ApprovalRecord): Promise<PolicyRules> {
  const { id, version } = approval.policy;
  const policy = await policies.get(approval.projectId, id, version);
  if (!policy) throw new Error(`approval ${approval.id} is bound to a policy that is gone: ${id} ${version}`);
  return policy.rules;
}

/** Reads an approval as its caller may see it. @throws ExecError approval_not_found */
export async function get(ctx: VerbContext, input: ParsedInputOf<typeof getApproval>): Promise<Approval> {
  const row = await loadApproval(ctx, ctx.store.read.approvals, input.id);
  return presentApproval(ctx, row, await rulesOf(ctx.store.read.policies, row));
}
