import { callSha256, GATED_RISKS, hashJson, type ProjectId, type WorkOrder } from '@xem/protocol';
import type { RefusalWords } from './read-order.ts';
import type { OwnTool } from './tool-host.ts';

/** An order, and what this host itself knows of the tool it names. */
export interface OrderFacts {
  readonly order: WorkOrder;
  readonly isSigned: boolean;
  readonly projectId: ProjectId;
  readonly own: OwnTool | null;
}

const refusal = (reason: RefusalWords['reason'], message: string): RefusalWords => ({ reason, message });

function recomputedCall(order: WorkOrder): string | null {
  const { policy_id, policy_version } = order;
  if (policy_id === undefined || policy_version === undefined) return null;
  return callSha256({
    v: 1,
    project_id: order.project_id,
    workspace_id: order.workspace_id,
    tool: order.tool,
    tool_digest: order.tool_digest,
    args: order.args,
    pinned_agent_id: order.pinned_agent_id ?? null,
    timeout_ms: order.timeout_ms,
    requester: order.requester,
    policy_id,
    policy_version,
  });
}

/** A receipt proves that people decided over exactly this call. */
function checkReceipt({ order, isSigned }: OrderFacts): RefusalWords | null {
  if (!isSigned) return refusal('signature', `${order.tool} needs an order that the router signed`);
  if (!order.approval) return refusal('receipt', `${order.tool} needs the receipt of a decision`);
  if (order.approval.call_sha256 === recomputedCall(order)) return null;
  return refusal('receipt', 'the decision was over another call than this one');
}

/** Whether this host lets a tool run only after a decision, whatever the order says of it. */
const isGated = ({ order, own }: OrderFacts): boolean =>
  order.approval !== undefined ||
  GATED_RISKS.has(order.risk) ||
  (own !== null && GATED_RISKS.has(own.definition.risk));

/** Judges an order by what this host itself knows: its own bundle, and its own arithmetic. Null when it is right. */
export function checkOrder(facts: OrderFacts): RefusalWords | null {
  const { order, own } = facts;
  if (!own || own.digest !== order.tool_digest) {
    return refusal('digest', `${order.tool} is not what this host has under that name`);
  }
  if (order.project_id !== facts.projectId) return refusal('digest', 'the order is of another project');
  if (hashJson(order.args) !== order.args_sha256)
    return refusal('digest', 'the arguments are not those announced');
  return isGated(facts) ? checkReceipt(facts) : null;
}
