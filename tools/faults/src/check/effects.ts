import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import type { ApprovalRow, InvocationRow } from '../evidence/rows.ts';
import { hashOf } from './hash.ts';
import { groupBy, indexBy } from './index-by.ts';
import { GATED } from './states.ts';

const broken = (says: string): Violation => ({ invariant: 'I2', says });

/** The hash of everything a decision is bound to, from the call as it is stored. */
const callHash = (call: InvocationRow, { policy }: ApprovalRow): string =>
  hashOf({
    v: 1,
    project_id: call.project_id,
    workspace_id: call.workspace_id,
    tool: call.tool,
    tool_digest: call.tool_digest,
    args: call.args,
    pinned_agent_id: call.pinned_agent_id,
    timeout_ms: call.timeout_ms,
    requester: call.requested_by.id,
    policy_id: policy.id,
    policy_version: policy.version,
  });

/** Why a decision does not let a call through; null when it does. */
function flaw({ principals }: Evidence, call: InvocationRow, approval: ApprovalRow): string | null {
  if (approval.status !== 'approved') return `is ${approval.status}`;
  if (approval.invocation_id !== call.id) return 'belongs to another call';
  if (approval.decided_at === null || approval.decided_at >= approval.expires_at) return 'came too late';
  if (approval.call_sha256 !== callHash(call, approval)) return 'is over another call';
  const humans = new Set(
    principals
      .filter(({ kind, project_id }) => kind === 'human' && project_id === call.project_id)
      .map(({ id }) => id),
  );
  const voices = approval.decisions.filter(({ decision }) => decision === 'approve');
  return voices.some(({ decided_by }) => humans.has(decided_by.id)) ? null : 'was made by no human';
}

/** An effect happened at most once, to a call that exists, with the arguments that were approved. */
function atMostOnce({ effects, invocations, executions }: Evidence): readonly Violation[] {
  const calls = indexBy(invocations, ({ id }) => id);
  const attempts = new Set(executions.map(({ invocation_id, attempt }) => `${invocation_id} ${attempt}`));
  return [...groupBy(effects, ({ invocation_id }) => invocation_id)].flatMap(([id, lines]) => {
    const call = calls.get(id);
    if (!call) return [broken(`the effect of ${id} happened, and there is no such call`)];
    if (lines.length > 1) return [broken(`the effect of ${id} happened ${lines.length} times`)];
    return lines.flatMap(({ args, attempt }) => {
      if (!attempts.has(`${id} ${attempt}`)) return [broken(`${id} has no attempt ${attempt}, which ran`)];
      return hashOf(args) === call.args_sha256 ? [] : [broken(`${id} ran with other arguments`)];
    });
  });
}

/** What says that a human let a call run. */
const GIVEN: ReadonlySet<string> = new Set(['approval.approved', 'approval.break_glass']);

/** Whatever ran behind the gate had a decision, and had it before it was dispatched. */
function decidedFirst(evidence: Evidence): readonly Violation[] {
  const { invocations, approvals, entries, effects } = evidence;
  const byId = indexBy(approvals, ({ id }) => id);
  const ran = new Set(effects.map(({ invocation_id }) => invocation_id));
  const told = groupBy(entries, ({ refs }) => refs['invocation_id'] ?? '');
  return invocations
    .filter(({ id, risk, attempt }) => GATED.has(risk) && (attempt > 0 || ran.has(id)))
    .flatMap((call) => {
      const approval = byId.get(call.approval?.id ?? '');
      if (!approval) return [broken(`${call.id} was dispatched without an approval`)];
      const why = flaw(evidence, call, approval);
      if (why !== null) return [broken(`${call.id} was dispatched, and its approval ${why}`)];
      const types = (told.get(call.id) ?? []).map(({ type }) => type);
      const given = types.findIndex((type) => GIVEN.has(type));
      if (given !== -1 && given < types.indexOf('invocation.dispatched')) return [];
      return [broken(`${call.id} was dispatched before it was approved`)];
    });
}

/** A decision lets one call through. */
function usedOnce({ invocations }: Evidence): readonly Violation[] {
  const users = groupBy(
    invocations.filter(({ approval }) => approval !== null),
    ({ approval }) => approval?.id ?? '',
  );
  return [...users].flatMap(([id, calls]) =>
    calls.length === 1 ? [] : [broken(`the approval ${id} serves ${calls.length} calls`)],
  );
}

/**
 * I2: the effect of a destructive or irreversible tool happens at most once per call, and only after a valid,
 * unexpired, unused decision over exactly this call.
 */
export const effects: Invariant = (evidence) =>
  [atMostOnce, decidedFirst, usedOnce].flatMap((part) => part(evidence));
