import {
  ApiKeyId,
  ApprovalId,
  InvocationId,
  PolicyId,
  PrincipalId,
  ProjectId,
  WorkspaceId,
  type PrincipalRef,
} from '@xem/protocol';
import type { ApprovalRecord, PolicyRules } from '@xem/store';
import { expect, test } from 'vitest';
import type { Caller, Credential } from '../context.ts';
import { POLICY_PRESETS } from '../policy/presets.ts';
import { authorizeDecision } from './authorize-decision.ts';

const NOW = 1000;
const PROJECT = ProjectId.parse(`prj_${'0'.repeat(24)}`);
const KEY = ApiKeyId.parse(`key_${'1'.repeat(24)}`);
const REQUEST_KEY = ApiKeyId.parse(`key_${'2'.repeat(24)}`);
const uuid = '00000000-0000-7000-8000-000000000000';

const person = (digit: string): PrincipalRef => ({
  id: PrincipalId.parse(`prn_${digit.repeat(24)}`),
  kind: 'human',
  name: `person ${digit}`,
});
const REQUESTER = person('a');
const APPROVER = person('b');

const credential: Credential = {
  kind: 'key',
  link: null,
  keyId: KEY,
  keyName: 'key',
  keyPrefix: 'xero_test_abcd',
  ancestors: [],
  scopes: new Set(['execution']),
  canDecide: true,
  rate: { per_minute: 1, burst: 1 },
  endpoints: null,
  ipAllow: null,
  keyExpiresAt: null,
  expiresAt: null,
};

const caller = (change: Partial<Credential> = {}, principal: PrincipalRef = APPROVER): Caller => ({
  principal,
  groups: ['ops'],
  credential: { ...credential, ...change },
  project: { id: PROJECT, slug: 'test', name: 'Test', rate: null, billing: 'current', tariff: null },
});

const approval = (change: Partial<ApprovalRecord> = {}): ApprovalRecord => ({
  id: ApprovalId.parse(uuid),
  version: 1,
  invocationId: InvocationId.parse(uuid),
  projectId: PROJECT,
  workspaceId: WorkspaceId.parse('ws_a1b2c3d4'),
  status: 'pending',
  kind: 'policy',
  tool: 'demo_effect',
  risk: 'destructive',
  toolDigest: '0'.repeat(64),
  args: {},
  argsSha256: '0'.repeat(64),
  reason: null,
  callSha256: '0'.repeat(64),
  requestedBy: REQUESTER,
  requestKeyId: REQUEST_KEY,
  surface: 'rest',
  policy: { id: PolicyId.parse(`pol_${'0'.repeat(24)}`), name: 'standard', version: 1 },
  stages: [{ groups: [], expiresAt: NOW + 1 }],
  stageIndex: 0,
  quorum: { any_of: [{ group: '*', count: 1 }] },
  decisions: [],
  decidedBy: null,
  decisionNote: null,
  confirmRequired: false,
  stageExpiresAt: NOW + 1,
  expiresAt: NOW + 1,
  createdAt: 0,
  decidedAt: null,
  ...change,
});

const vote = {
  id: uuid,
  decision: 'approve',
  decided_by: APPROVER,
  note: null,
  channel: 'rest',
  stage: 0,
  at: '2026-01-01T00:00:00.000Z',
  groups: [],
} as const;

const judge = (who: Caller, what: ApprovalRecord, rules: PolicyRules = POLICY_PRESETS.standard) =>
  authorizeDecision({ caller: who, approval: what, rules, now: NOW });

test('authorizeDecision lets a human decide whose key may', () => {
  expect(judge(caller(), approval())).toEqual({ eligible: true });
});

test('authorizeDecision lets a person decide their own call under the standard policy', () => {
  expect(judge(caller({}, REQUESTER), approval())).toEqual({ eligible: true });
});

const { elevated, restricted } = POLICY_PRESETS;

test.each([
  { who: 'a service, whatever its key says', by: caller({}, { ...APPROVER, kind: 'service' }) },
  { who: 'a key that was not made to decide', by: caller({ canDecide: false }) },
  { who: 'a key without the scope execution', by: caller({ scopes: new Set(['management']) }) },
  { who: 'the key that asked over MCP', by: caller({ keyId: REQUEST_KEY }), of: { surface: 'mcp' } },
  { who: 'the key that asked in a chat', by: caller({ keyId: REQUEST_KEY }), of: { surface: 'chat' } },
  {
    who: 'the requester of an irreversible call under the elevated policy',
    by: caller({}, REQUESTER),
    of: { risk: 'irreversible' },
    rules: elevated,
  },
  {
    who: 'the requester under the restricted policy',
    by: caller({ kind: 'console' }, REQUESTER),
    rules: restricted,
  },
  { who: 'a bare key under the restricted policy', by: caller(), rules: restricted },
  {
    who: 'somebody outside the groups of the stage',
    by: caller(),
    of: { stages: [{ groups: ['dba'], expiresAt: NOW + 1 }] },
  },
  { who: 'somebody who has decided already', by: caller(), of: { decisions: [vote] } },
] as const)('authorizeDecision refuses $who', (row) => {
  const change = 'of' in row ? row.of : {};
  const rules = 'rules' in row ? row.rules : POLICY_PRESETS.standard;
  expect(judge(row.by, approval(change), rules)).toMatchObject({
    eligible: false,
    code: 'approver_not_eligible',
  });
});

test.each(['approved', 'rejected', 'expired', 'withdrawn'] as const)(
  'authorizeDecision refuses an approval that is %s',
  (status) => {
    expect(judge(caller(), approval({ status }))).toMatchObject({
      eligible: false,
      code: 'approval_not_pending',
    });
  },
);

test('authorizeDecision counts a pending approval whose time is over as expired', () => {
  expect(judge(caller(), approval({ expiresAt: NOW }))).toMatchObject({ code: 'approval_not_pending' });
});
