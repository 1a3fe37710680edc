import { ExecError } from '@xem/errors';
import type { VerbContext } from '../context.ts';
import { assertOpen } from '../maintenance/assert-open.ts';
import { assertMayPay } from '../credit/pay.ts';
import type { CallRequest, CheckedCall } from './admission.ts';
import { assertArgs, canonicalArgs } from './check-args.ts';
import { resolveTarget } from './target.ts';

/**
 * The checks that need no transaction, in their order: billing and credit, workspace, tool, arguments, maintenance; then
 * the policy that is in force. @throws ExecError billing_delinquent, insufficient_quota, workspace_not_found, workspace_lookup_failed, exec_tool_not_found, agent_not_found, payload_too_large, invalid_body, unavailable
 */
export async function checkCall(ctx: VerbContext, request: CallRequest): Promise<CheckedCall> {
  const { workspace_id: workspaceId, tool, args, agent_id: agentId } = request;
  await assertMayPay(ctx);
  await assertWorkspace(ctx, workspaceId);
  const target = await resolveTarget(ctx, { workspaceId, tool, pinnedAgentId: agentId ?? null });
  const canonical = canonicalArgs(args);
  assertArgs(target.variant, canonical.args);
  assertOpen(ctx, workspaceId);
  const policy = await ctx.policies.inForce(ctx.projectId, workspaceId);
  return { request, target, canonical, policy };
}

async function assertWorkspace(ctx: VerbContext, id: CallRequest['workspace_id']): Promise<void> {
  const found = await ctx.store.read.workspaces.get(ctx.projectId, id).catch((cause: unknown) => {
    throw new ExecError('workspace_lookup_failed', `workspace ${id} could not be looked up`, { cause });
  });
  if (found) return;
  throw new ExecError('workspace_not_found', `the project has no workspace ${id}`, {
    param: '/workspace_id',
  });
}
