import { InvocationId, type ExecutionId } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import type { CheckedCall } from './admission.ts';

/** The row of a call as it comes in: queued, nothing dispatched. */
export function newInvocation(
  ctx: VerbContext,
  { request, target, canonical }: CheckedCall,
  rerunOf: ExecutionId | null,
): InvocationRecord {
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
    timeoutMs: Math.min(request.timeout_ms ?? definition.timeout_ms, definition.timeout_ms),
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
