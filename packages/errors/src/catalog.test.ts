import { expect, test } from 'vitest';
import { ERROR_CATALOG, ERROR_CODES, isErrorCode } from './catalog.ts';
import { statusesOf, typeOfStatus } from './status.ts';

/** The product's public list, spelled out: code, statuses, whether a retry can help. */
const PUBLISHED = [
  ['invalid_body', [400], 'never'],
  ['exec_tool_not_found', [404, 400], 'never'],
  ['tool_not_mcp_visible', [400], 'never'],
  ['tool_executor_unavailable', [503], 'backoff'],
  ['invocation_not_found', [404], 'never'],
  ['invocation_terminal', [409], 'never'],
  ['unavailable', [503], 'backoff'],
  ['cancelled', [499], 'never'],
  ['exec_idempotency_conflict', [409], 'never'],
  ['approval_not_found', [404], 'never'],
  ['approval_not_pending', [409], 'never'],
  ['missing_workspace_id', [400], 'never'],
  ['invalid_workspace_id', [400], 'never'],
  ['workspace_not_found', [404], 'never'],
  ['workspace_lookup_failed', [500], 'backoff'],
  ['project_mismatch', [403], 'never'],
  ['authentication_required', [401], 'never'],
  ['retriever_failed', [502], 'backoff'],
  ['payload_too_large', [413], 'never'],
  ['model_capability_missing', [400], 'never'],
  ['scope_insufficient', [403], 'never'],
  ['cross_project_access', [403], 'never'],
  ['insufficient_quota', [402], 'after_top_up'],
  ['billing_delinquent', [402], 'never'],
  ['rate_limit_exceeded', [429], 'backoff'],
  ['capacity_exceeded', [429], 'backoff'],
  ['endpoint_restricted', [403], 'never'],
  ['already_terminal', [400], 'never'],
  ['invalid_state', [409], 'never'],
  ['exec_manifest_invalid', [], 'never'],
  ['agent_name_in_use', [], 'never'],
  ['agent_name_conflict', [], 'never'],
] as const;

/** Codes of our own, spelled out the same way. */
const OURS = [
  ['route_not_found', [404], 'never'],
  ['method_not_allowed', [405], 'never'],
  ['internal', [500], 'never'],
  ['agent_not_found', [404], 'never'],
  ['execution_not_found', [404], 'never'],
  ['workspace_binding_not_found', [404], 'never'],
  ['learning_not_found', [404], 'never'],
  ['api_key_not_found', [404], 'never'],
  ['join_key_not_found', [404], 'never'],
  ['policy_not_found', [404], 'never'],
  ['template_not_found', [404], 'never'],
  ['webhook_not_found', [404], 'never'],
  ['maintenance_not_found', [404], 'never'],
  ['principal_not_found', [404], 'never'],
  ['manifest_change_not_found', [404], 'never'],
  ['approver_not_eligible', [403], 'never'],
  ['confirmation_required', [400], 'never'],
  ['output_expired', [410], 'never'],
  ['tool_ambiguous', [409], 'never'],
  ['approval_stale', [409], 'never'],
  ['join_key_invalid', [], 'never'],
  ['join_key_expired', [], 'never'],
  ['join_key_exhausted', [], 'never'],
  ['join_key_revoked', [], 'never'],
  ['protocol_unsupported', [], 'never'],
  ['tool_exit_nonzero', [], 'never'],
  ['tool_spawn_failed', [], 'never'],
  ['tool_timeout', [], 'never'],
  ['output_limit_exceeded', [], 'never'],
  ['agent_lost', [], 'never'],
  ['attempts_exhausted', [], 'never'],
  ['tool_killed', [], 'never'],
  ['queue_timeout', [], 'never'],
  ['approval_rejected', [], 'never'],
  ['approval_expired', [], 'never'],
  ['requester_revoked', [], 'never'],
  ['cancel_unconfirmed', [], 'never'],
  ['agent_refused', [], 'never'],
] as const;

test.each([...PUBLISHED, ...OURS])('%s answers %j and says retry: %s', (code, statuses, retry) => {
  expect(statusesOf(code)).toEqual(statuses);
  expect(ERROR_CATALOG[code].retry).toBe(retry);
});

test('the catalogue has no code that is not in the list above', () => {
  const listed = new Set<string>([...PUBLISHED, ...OURS].map(([code]) => code));
  expect(ERROR_CODES.filter((code) => !listed.has(code))).toEqual([]);
});

/** What `xeroctl` ends with, by the rules it publishes. */
const EXITS: readonly (readonly [number, readonly string[]])[] = [
  [
    1,
    [
      'invalid_body',
      'payload_too_large',
      'project_mismatch',
      'insufficient_quota',
      'billing_delinquent',
      'model_capability_missing',
      'tool_not_mcp_visible',
      'internal',
    ],
  ],
  [4, ['exec_tool_not_found', 'missing_workspace_id', 'invalid_workspace_id', 'output_expired']],
  [4, ERROR_CODES.filter((code) => code.endsWith('_not_found'))],
  [
    5,
    [
      'authentication_required',
      'scope_insufficient',
      'cross_project_access',
      'endpoint_restricted',
      'approver_not_eligible',
      'confirmation_required',
    ],
  ],
  [7, ['cancelled']],
  [8, ERROR_CODES.filter((code) => statusesOf(code).includes(409))],
  [8, ['already_terminal']],
  [
    75,
    [
      'unavailable',
      'tool_executor_unavailable',
      'rate_limit_exceeded',
      'capacity_exceeded',
      'workspace_lookup_failed',
      'retriever_failed',
    ],
  ],
  [78, ['exec_manifest_invalid', 'agent_name_in_use', 'agent_name_conflict', 'join_key_invalid']],
  [78, ['join_key_expired', 'join_key_exhausted', 'join_key_revoked', 'protocol_unsupported']],
];

test.each(EXITS)('xeroctl exits %i for %j', (exit, codes) => {
  const rows = codes.filter(isErrorCode).map((code) => ERROR_CATALOG[code].exit);
  expect(rows).toEqual(codes.map(() => exit));
});

test('every code says what it means and what to do, in sentences', () => {
  const rows = Object.values(ERROR_CATALOG);
  expect(rows.filter(({ says, fix }) => !/[.`]$/.test(says) || !/[.`]$/.test(fix))).toEqual([]);
});

test('only codes of the HTTP surface have a status', () => {
  const wrong = ERROR_CODES.filter(
    (code) => statusesOf(code).length > 0 !== (ERROR_CATALOG[code].surface === 'http'),
  );
  expect(wrong).toEqual([]);
});

test.each([
  [400, 'invalid_request_error'],
  [404, 'invalid_request_error'],
  [405, 'invalid_request_error'],
  [409, 'invalid_request_error'],
  [410, 'invalid_request_error'],
  [413, 'invalid_request_error'],
  [422, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'insufficient_quota_error'],
  [403, 'permission_error'],
  [429, 'rate_limit_error'],
  [499, 'cancelled_error'],
  [500, 'server_error'],
  [502, 'server_error'],
  [503, 'server_error'],
])('typeOfStatus makes %i %s', (status, type) => {
  expect(typeOfStatus(status)).toBe(type);
});

test.each(['invalid_body', 'agent_lost'])('isErrorCode knows %s', (word) => {
  expect(isErrorCode(word)).toBe(true);
});

test.each(['', 'INVALID_BODY', 'toString', '__proto__', 'constructor'])('isErrorCode refuses %j', (word) => {
  expect(isErrorCode(word)).toBe(false);
});
