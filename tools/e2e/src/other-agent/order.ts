import { hashOf } from './canonical-json.ts';
import type { Attempt, Dispatch } from './frame.ts';
import { isSigned } from './keys.ts';
import { isGated, toolDigest, type Tool } from './manifest.ts';
import * as is from './shape.ts';

const order = is.shape({
  ctx: is.exactly('xem/order/1'),
  project_id: is.text,
  invocation_id: is.text,
  execution_id: is.text,
  attempt: is.whole,
  agent_id: is.text,
  session: is.text,
  epoch: is.whole,
  workspace_id: is.text,
  tool: is.text,
  tool_digest: is.text,
  args: is.object,
  args_sha256: is.text,
  risk: is.oneOf('read', 'write', 'destructive', 'irreversible'),
  timeout_ms: is.whole,
  issued_at: is.text,
  expires_at: is.text,
  traceparent: is.maybe(is.text),
  pinned_agent_id: is.maybe(is.text),
  requester: is.text,
  policy_id: is.maybe(is.text),
  policy_version: is.maybe(is.whole),
  approval: is.maybe(
    is.shape({
      id: is.text,
      kind: is.oneOf('policy', 'standing', 'break_glass'),
      call_sha256: is.text,
      deciders: is.list(is.text),
      decided_at: is.text,
    }),
  ),
});

export type Order = ReturnType<typeof order>;
type Reason =
  | 'slots'
  | 'paused'
  | 'draining'
  | 'unknown_workspace'
  | 'signature'
  | 'digest'
  | 'receipt'
  | 'local_policy';

/** What is to be done about an order. */
export type Verdict =
  | { readonly do: 'run'; readonly order: Order; readonly tool: Tool }
  | { readonly do: 'repeat'; readonly order: Order }
  | { readonly do: 'refuse'; readonly reason: Reason; readonly attempt: Attempt }
  | { readonly do: 'drop' };

/** What an order is judged against. */
export interface Bench {
  readonly routerSigningKey: string;
  readonly agentId: string;
  readonly projectId: string;
  readonly session: string;
  readonly epoch: number;
  readonly routerTime: number;
  readonly tools: readonly Tool[];
  isKnown(order: Order): boolean;
  isServed(workspaceId: string): boolean;
  isStopping(): boolean;
  isHeld(order: Order): boolean;
  hasSlot(): boolean;
}

/** The hash of the call that a person decided about. */
const callHash = (call: Order): string =>
  hashOf({
    v: 1,
    args: call.args,
    pinned_agent_id: call.pinned_agent_id ?? null,
    policy_id: call.policy_id ?? null,
    policy_version: call.policy_version ?? null,
    project_id: call.project_id,
    requester: call.requester,
    timeout_ms: call.timeout_ms,
    tool: call.tool,
    tool_digest: call.tool_digest,
    workspace_id: call.workspace_id,
  });

const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

/** What a reader makes of the bytes; null when they are something else. */
function attempted<T>(read: is.Read<T>, bytes: Uint8Array): T | null {
  try {
    return read(parse(bytes));
  } catch {
    return null;
  }
}

/** Where an order is from that cannot be trusted: nothing else of it is looked at. */
const address = is.members({ execution_id: is.text, attempt: is.whole });

/** Judges an order; the first check that fails decides. */
export function judge({ order: bytes, sig }: Dispatch, bench: Bench): Verdict {
  const turnAway = (reason: Reason): Verdict => {
    const attempt = attempted(address, bytes);
    return attempt ? { do: 'refuse', reason, attempt } : { do: 'drop' };
  };
  if (sig && !isSigned(bytes, { sig, by: bench.routerSigningKey })) return turnAway('signature');
  const asked = attempted(order, bytes);
  if (!asked) return turnAway('digest');
  if (isDead(asked, bench)) return { do: 'drop' };
  if (bench.isKnown(asked)) return { do: 'repeat', order: asked };
  const tool = bench.tools.find(({ definition }) => definition.name === asked.tool);
  if (!tool) return turnAway('digest');
  const reason = whyNot(asked, { tool, isSigned: sig !== undefined, bench });
  return reason === null ? { do: 'run', order: asked, tool } : turnAway(reason);
}

interface Case {
  readonly tool: Tool;
  readonly isSigned: boolean;
  readonly bench: Bench;
}

function whyNot(asked: Order, { tool, isSigned: signed, bench }: Case): Reason | null {
  if (!isIntact(asked, tool, bench)) return 'digest';
  const gated = asked.approval !== undefined || isGated(asked.risk) || isGated(tool.definition.risk);
  if (gated && !signed) return 'signature';
  if (gated && asked.approval?.call_sha256 !== callHash(asked)) return 'receipt';
  if (!bench.isServed(asked.workspace_id)) return 'unknown_workspace';
  if (bench.isStopping()) return 'draining';
  if (bench.isHeld(asked)) return 'paused';
  return bench.hasSlot() ? null : 'slots';
}

const isDead = (asked: Order, bench: Bench): boolean =>
  asked.agent_id !== bench.agentId ||
  asked.session !== bench.session ||
  asked.epoch !== bench.epoch ||
  Date.parse(asked.expires_at) <= bench.routerTime;

const isIntact = (asked: Order, tool: Tool, bench: Bench): boolean =>
  toolDigest(tool.definition) === asked.tool_digest &&
  asked.project_id === bench.projectId &&
  hashOf(asked.args) === asked.args_sha256;
