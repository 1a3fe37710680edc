import {
  canonicalJson,
  GATED_RISKS,
  sha256Hex,
  type WorkOrder,
  type ApprovalReceipt,
  type PrincipalId,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import { traceparentAt } from '@xem/runtime/tracing';
import type { ApprovalRecord, ExecutionRecord, InvocationRecord } from '@xem/store';
import type { RouterIdentity } from '../context.ts';

/** An order is worth nothing after this many milliseconds: an agent that gets it later refuses it. */
export const ORDER_TTL_MS = 60_000;

/** A work order ready to be sent: its RFC 8785 bytes, and the router's signature for a gated tool. */
export interface SealedOrder {
  /** The session it is for; on any other it is dead. */
  readonly session: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly sig: Uint8Array<ArrayBuffer> | null;
}

interface OrderFacts {
  readonly invocation: InvocationRecord;
  readonly execution: ExecutionRecord;
  /** The approval of a gated call. */
  readonly approval: ApprovalRecord | null;
  readonly session: string;
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** The attempt has a span of its own. */
  readonly isTraced: boolean;
}

const deciders = ({ decisions }: ApprovalRecord): PrincipalId[] => [
  ...new Set(
    decisions.filter(({ decision }) => decision === 'approve').map(({ decided_by }) => decided_by.id),
  ),
];

const receiptOf = (approval: ApprovalRecord): ApprovalReceipt => ({
  id: approval.id,
  kind: approval.kind,
  call_sha256: approval.callSha256,
  deciders: deciders(approval),
  decided_at: toTimestamp(approval.decidedAt ?? approval.createdAt),
});

const traceparentOf = ({ invocation, execution, isTraced }: OrderFacts): string | null =>
  isTraced ? traceparentAt(invocation.traceparent, execution.id) : invocation.traceparent;

function toWorkOrder(facts: OrderFacts): WorkOrder {
  const { invocation, execution, approval, session, epoch, issuedAt } = facts;
  const traceparent = traceparentOf(facts);
  return {
    ctx: 'xem/order/1',
    project_id: invocation.projectId,
    invocation_id: invocation.id,
    execution_id: execution.id,
    attempt: execution.attempt,
    agent_id: execution.agentId,
    session,
    epoch,
    workspace_id: invocation.workspaceId,
    tool: invocation.tool,
    tool_digest: invocation.toolDigest,
    args: { ...invocation.args },
    args_sha256: invocation.argsSha256,
    risk: invocation.risk,
    timeout_ms: invocation.timeoutMs,
    issued_at: toTimestamp(issuedAt),
    expires_at: toTimestamp(issuedAt + ORDER_TTL_MS),
    requester: invocation.requestedBy.id,
    ...(traceparent && { traceparent }),
    ...(invocation.pinnedAgentId && { pinned_agent_id: invocation.pinnedAgentId }),
    ...(approval && {
      policy_id: approval.policy.id,
      policy_version: approval.policy.version,
      approval: receiptOf(approval),
    }),
  };
}

/** Writes an order down and, for a gated call, signs it: signing costs 34 µs, so only these pay for it. */
export function sealOrder(identity: RouterIdentity, facts: OrderFacts): SealedOrder {
  const text = canonicalJson(toWorkOrder(facts));
  const bytes = Buffer.from(text, 'utf8');
  const gated = facts.approval !== null || GATED_RISKS.has(facts.invocation.risk);
  return {
    session: facts.session,
    bytes,
    sha256: sha256Hex(bytes),
    sig: gated ? identity.sign(bytes) : null,
  };
}
