import { rerunExecution, type ParsedInputOf } from '@xem/protocol';
import { MODEL_SURFACES } from '../approval/authorize-decision.ts';
import type { VerbContext } from '../context.ts';
import type { Admission } from '../invocation/admission.ts';
import { admit } from '../invocation/admit.ts';
import { loadInvocation } from '../invocation/get.ts';
import { loadExecution } from './get.ts';

/**
 * Asks for the call of an execution again, as a new invocation, through every gate: the tool as it is now, the policy
 * as it is now, and a fresh approval for a gated one. @throws ExecError the codes of `rerunExecution`
 */
export async function rerun(
  ctx: VerbContext,
  input: ParsedInputOf<typeof rerunExecution>,
): Promise<Admission> {
  const { executions, invocations } = ctx.store.read;
  const execution = await loadExecution(ctx, executions, input.id);
  const call = await loadInvocation(ctx, invocations, execution.invocationId);
  const request = {
    workspace_id: call.workspaceId,
    tool: call.tool,
    args: { ...call.args },
    timeout_ms: call.timeoutMs,
    ...(input.reason !== undefined && { reason: input.reason }),
    ...(call.pinnedAgentId && { agent_id: call.pinnedAgentId }),
  };
  // What a model asks for again stays a model's call: the key that asked does not decide it.
  const surface = MODEL_SURFACES.has(ctx.surface) ? ctx.surface : 'rerun';
  const rerunContext: VerbContext = { ...ctx, surface };
  return admit(rerunContext, request, {
    operation: rerunExecution,
    body: input,
    rerunOf: execution.id,
  });
}
