import type { InvocationPlan } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { assertMayRun } from '../credit/pay.ts';
import { countApprovers } from '../policy/approvers.ts';
import { gateOf, requiresApproval } from '../policy/rules.ts';
import { presentDescriptor } from '../tool/present.ts';
import type { CallRequest } from './admission.ts';
import { checkCall } from './check-call.ts';
import { timeoutOf } from './new-invocation.ts';

/** What a call would do. Nothing is stored. @throws ExecError the same codes as the call itself */
export async function planCall(ctx: VerbContext, request: CallRequest): Promise<InvocationPlan> {
  const { target, policy } = await checkCall(ctx, request);
  await assertMayRun(ctx, timeoutOf({ request, target }));
  const gated = requiresApproval(policy.rules, target.risk);
  const eligible = gated ? await countApprovers(ctx, policy.rules, gateOf(target.risk)) : 0;
  return {
    object: 'invocation_plan',
    workspace_id: request.workspace_id,
    tool: await presentDescriptor(
      ctx,
      { projectId: ctx.projectId, workspaceId: request.workspace_id, policy },
      target,
    ),
    agents: [...target.agents],
    decision: gated ? 'approval' : 'run',
    policy: { id: policy.id, version: policy.version },
    approvers: gated ? { quorum: policy.rules.quorum[gateOf(target.risk)], eligible } : null,
  };
}
