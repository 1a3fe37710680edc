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

/**
 * Compares a call with the approval over it: the call itself by its hash, the tool by its digest, the policy by its
 * version. Null when a decision over it still holds.
 */
export async function findStaleness(
  ctx: ProjectContext,
  policies: PolicyReader,
  { call, approval }: { readonly call: InvocationRecord; readonly approval: ApprovalRecord },
): Promise<Staleness | null> {
  if (hashCall(call, approval.policy) !== approval.callSha256) return 'call';
  if (definitionChanged(ctx, call)) return 'tool';
  const policy = await policies.inForce(call.projectId, call.workspaceId);
  const same = policy?.id === approval.policy.id && policy.version === approval.policy.version;
  return same ? null : 'policy';
}
