import { callSha256, type PolicyId } from '@xem/protocol';
import type { InvocationRecord } from '@xem/store';

type Bound = Pick<
  InvocationRecord,
  'projectId' | 'workspaceId' | 'tool' | 'toolDigest' | 'args' | 'pinnedAgentId' | 'timeoutMs' | 'requestedBy'
>;

/** The hash of everything a decision over this call is bound to. */
export const hashCall = (call: Bound, policy: { readonly id: PolicyId; readonly version: number }): string =>
  callSha256({
    v: 1,
    project_id: call.projectId,
    workspace_id: call.workspaceId,
    tool: call.tool,
    tool_digest: call.toolDigest,
    args: call.args,
    pinned_agent_id: call.pinnedAgentId,
    timeout_ms: call.timeoutMs,
    requester: call.requestedBy.id,
    policy_id: policy.id,
    policy_version: policy.version,
  });
