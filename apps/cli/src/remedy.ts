import type { ErrorCode } from '@xem/errors';

/** What to do about a refusal, as a person at the command line does it, where that is not what a program does. */
const REMEDIES: Partial<Record<ErrorCode, string>> = {
  approval_not_pending: '`xeroctl approvals show` says how it ended and by whom.',
  approver_not_eligible:
    'Let somebody decide who may: `xeroctl approvals show` says who, and why you may not.',
  authentication_required:
    'Give a key that is neither expired nor revoked: --api-key, XEROTIER_API_KEY, or a context of `xeroctl config`.',
  billing_delinquent: 'Settle the balance, then let it in again: `xeroctl project update --billing current`.',
  confirmation_required: 'Give --confirm with exactly the name of the tool.',
  cross_project_access: 'Leave --project out, or use a key of that project.',
  endpoint_restricted:
    'Use another key, or change its pins or addresses: `xeroctl keys endpoints`, `xeroctl keys ip-filter`.',
  exec_idempotency_conflict:
    'Give a fresh --idempotency-key or none, or run the first command again as it was.',
  exec_tool_not_found:
    'List the tools with `xeroctl exec tools`, and check with `xeroctl agents` that an agent that has this one is online.',
  insufficient_quota: 'Grant the project credits: `xeroctl project top-up`.',
  internal: 'Report it with the id of the request.',
  invalid_body: 'Correct what is named; --help says what the command takes.',
  invalid_state: 'Look at it with `show`: its status and its actions say what is possible now.',
  invalid_workspace_id: 'Use an id that `xeroctl workspaces` prints; a UUID is not one.',
  invocation_terminal: 'Nothing is left to do; `xeroctl exec watch` prints how it ended.',
  method_not_allowed: 'Bring xeroctl and the router to the same version.',
  missing_workspace_id: 'Give --workspace; `xeroctl workspaces` shows the ids.',
  model_capability_missing: 'Choose another model: `xeroctl workspaces update --model`.',
  output_expired: 'Run the tool again with `xeroctl exec rerun`, or lengthen the retention.',
  payload_too_large: 'Give less; the message names the limit.',
  rate_limit_exceeded: 'Wait a while and run it again.',
  route_not_found: 'Bring xeroctl and the router to the same version.',
  scope_insufficient:
    'Use a key that has the scope named above; `xeroctl auth whoami` shows those of this one.',
  tool_ambiguous: 'Pin one of the agents with --agent.',
  tool_not_mcp_visible: 'Call it with `xeroctl exec invoke`.',
  tool_timeout:
    'Find out what it waits for, or give more time with --tool-timeout, up to the tool’s own limit.',
  unavailable: 'Try again in a while; if it lasts, `xeroctl health` says which part is not ready.',
};

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(REMEDIES, code);

/** What a person at the command line can do about a code; null where the catalogue says it already. */
export const remedyOf = (code: string): string | null => (isKnown(code) ? (REMEDIES[code] ?? null) : null);
