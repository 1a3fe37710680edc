import { isDeepStrictEqual } from 'node:util';
import { hashJson } from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, PolicyReader } from '@xem/store';
import type { ProjectContext } from '../context.ts';
import { publishersOf } from '../invocation/target.ts';
import { hashCall } from './call.ts';

/** Why a decision no longer fits what would run. */
export type Staleness = 'call' | 'tool' | 'policy';

/** Whether no agent has the definition that was shown any more while the name is published with another one. */
function definitionChanged(ctx: ProjectContext, call: InvocationRecord): boolean {
  const published = ctx.catalogue.find(ctx.projectId, call.tool, call.workspaceId);
  return published !== null && publishersOf(ctx, call).length === 0;
}

/** Whether the approval shows another call than the one that would run: only a hand in the database does that. */
const showsAnother = (call: InvocationRecord, approval: ApprovalRecord): boolean =>
  approval.tool !== call.tool ||
  approval.toolDigest !== call.toolDigest ||
  approval.risk !== call.risk ||
  approval.requestedBy.id !== call.requestedBy.id ||
  !isDeepStrictEqual(approval.args, call.args);

/** Whether another version of a policy is in force than the one that a decision is over, or other rules under its name. */
async function policyChanged(
  policies: PolicyReader,
  { projectId, workspaceId }: InvocationRecord,
  { policy: bound }: ApprovalRecord,
): Promise<boolean> {
  const policy = await policies.inForce(projectId, workspaceId);
  if (policy?.id !== bound.id || policy.version !== bound.version) return true;
  return bound.rulesSha256 !== undefined && bound.rulesSha256 !== hashJson(policy.rules);
}

/**
 * Compares a call with the approval over it: the call itself by its hash, the tool by its digest, the policy by its
 * version and its rules. Null when a decision over it still holds.
 */
export async function findStaleness(
  ctx: ProjectContext,
  policies: PolicyReader,
  { call, approval }: { readonly call: InvocationRecord; readonly approval: ApprovalRecord },
): Promise<Staleness | null> {
  if (hashCall(call, approval.policy) !== approval.callSha256 || showsAnother(call, approval)) return 'call';
  if (definitionChanged(ctx, call)) return 'tool';
  return (await policyChanged(policies, call, approval)) ? 'policy' : null;
}
