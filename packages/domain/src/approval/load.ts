import { ExecError } from '@xem/errors';
import type { ApprovalId } from '@xem/protocol';
import type { ApprovalRecord, PolicyReader, PolicyRules, Reader } from '@xem/store';
import type { ProjectContext } from '../context.ts';

/** An approval, and the rules that it is decided by. */
export interface Over {
  readonly approval: ApprovalRecord;
  readonly rules: PolicyRules;
}

/** The rules of the policy version that an approval is bound to. */
export async function rulesOf(policies: PolicyReader, approval: ApprovalRecord): Promise<PolicyRules> {
  const { id, version } = approval.policy;
  const policy = await policies.get(approval.projectId, id, version);
  if (!policy) throw new Error(`approval ${approval.id} is bound to a policy that is gone: ${id} ${version}`);
  return policy.rules;
}

/** What somebody decides over. @throws ExecError approval_not_found, another project's id too */
export async function loadOver(
  { projectId }: Pick<ProjectContext, 'projectId'>,
  { approvals, policies }: Pick<Reader, 'approvals' | 'policies'>,
  id: ApprovalId,
): Promise<Over> {
  const approval = await approvals.get(projectId, id);
  if (!approval) throw new ExecError('approval_not_found', `the project has no approval ${id}`);
  return { approval, rules: await rulesOf(policies, approval) };
}
