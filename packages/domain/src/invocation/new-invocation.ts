import { InvocationId, type ExecutionId } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import type { CheckedCall } from './admission.ts';

/** How long a call may run: as long as its tool may, or shorter where it asks for that. Milliseconds. */
export const timeoutOf = ({ request, target }: Pick<CheckedCall, 'request' | 'target'>): number => {
  const { timeout_ms: longest } = target.variant.definition;
  return Math.min(request.timeout_ms ?? longest, longest);
};

/** The row of a call as it comes in: queued, nothing dispatched, nothing kept back for it. */
export function newInvocation(
  ctx: VerbContext,
  checked: CheckedCall,
  rerunOf: ExecutionId | null,
): InvocationRecord {
  const { request, target, canonical } = checked;
  const { definition } = target.variant;
  return {
    id: InvocationId.parse(ctx.ids.uuid()),
    version: 1,
    projectId: ctx.projectId,
    workspaceId: request.workspace_id,
    tool: definition.name,
    risk: target.risk,
    domain: definition.domain,
    toolDigest: target.variant.digest,
    idempotent: definition.idempotent,
    args: canonical.args,
    argsSha256: canonical.sha256,
    status: 'queued',
    surface: ctx.surface,
    requestedBy: ctx.caller.principal,
    keyId: ctx.keyId,
    reason: request.reason ?? null,
    pinnedAgentId: request.agent_id ?? null,
    agentId: null,
    timeoutMs: timeoutOf(checked),
    attempt: 0,
    losses: 0,
    executionId: null,
    approval: null,
    cancelRequestedAt: null,
    error: null,
    result: null,
    rerunOf,
    traceparent: ctx.traceparent,
    creditReserved: null,
    createdAt: ctx.clock.now(),
    queuedAt: null,
    startedAt: null,
    endedAt: null,
    deadlineAt: null,
    heldAt: null,
    heldRemainingMs: null,
  };
}
