import { ApiKeyId, PrincipalId, type PrincipalRef } from '@xem/protocol';
import type { ApprovalRecord, PolicyRules } from '@xem/store';
import { expect, test } from 'vitest';
import type { Caller } from '../context.ts';
import { POLICY_PRESETS } from '../policy/presets.ts';
import { givenBy, judgedApproval, judgedCaller, type Judged } from '../testing/judged.ts';
import { authorizeDecision } from './authorize-decision.ts';

const NOW = 1000;
const REQUEST_KEY = ApiKeyId.parse(`key_${'2'.repeat(24)}`);

const person = (digit: string): PrincipalRef => ({
  id: PrincipalId.parse(`prn_${digit.repeat(24)}`),
  kind: 'human',
  name: `person ${digit}`,
});
const REQUESTER = person('a');
const APPROVER = person('b');

const caller = (key: Judged['key'] = {}, who: Partial<PrincipalRef> = APPROVER): Caller =>
  judgedCaller({ principal: { groups: ['ops'], ...APPROVER, ...who }, key });

const latecomer = (): Caller =>
  judgedCaller({ principal: { ...APPROVER, empoweredAt: 1 }, key: { scopes: ['execution', 'break_glass'] } });

const inBrowser = (who: PrincipalRef): Caller => judgedCaller({ principal: who, kind: 'console' });

const approval = (change: Partial<ApprovalRecord> = {}): ApprovalRecord =>
  judgedApproval({
    requestedBy: REQUESTER,
    requestFamily: REQUEST_KEY,
    surface: 'rest',
    stages: [{ groups: [], expiresAt: NOW + 1 }],
    stageExpiresAt: NOW + 1,
    expiresAt: NOW + 1,
    createdAt: 0,
    ...change,
  });

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
  { who: 'a service, whatever its key says', by: caller({}, { kind: 'service' }) },
  { who: 'a key that was not made to decide', by: caller({ canDecide: false }) },
  { who: 'a key without the scope execution', by: caller({ scopes: ['management'] }) },
  { who: 'the key that asked over MCP', by: caller({ families: [REQUEST_KEY] }), of: { surface: 'mcp' } },
  { who: 'the key that asked in a chat', by: caller({ families: [REQUEST_KEY] }), of: { surface: 'chat' } },
  {
    who: 'the requester of an irreversible call under the elevated policy',
    by: caller({}, REQUESTER),
    of: { risk: 'irreversible' },
    rules: elevated,
  },
  {
    who: 'the requester under the restricted policy',
    by: inBrowser(REQUESTER),
    rules: restricted,
  },
  { who: 'a bare key under the restricted policy', by: caller(), rules: restricted },
  {
    who: 'somebody outside the groups of the stage',
    by: caller(),
    of: { stages: [{ groups: ['dba'], expiresAt: NOW + 1 }] },
  },
  { who: 'somebody who was let in after the call was asked for', by: latecomer() },
  { who: 'somebody who has decided already', by: caller(), of: { decisions: [givenBy(APPROVER)] } },
] as const)('authorizeDecision refuses $who', (row) => {
  const change = 'of' in row ? row.of : {};
  const rules = 'rules' in row ? row.rules : POLICY_PRESETS.standard;
  expect(judge(row.by, approval(change), rules)).toMatchObject({
    eligible: false,
    code: 'approver_not_eligible',
  });
});

test('authorizeDecision lets nobody break the glass who was let in after the call was asked for', () => {
  const over = {
    approval: approval(),
    rules: POLICY_PRESETS.standard,
    now: NOW,
    act: 'break_glass',
  } as const;
  expect(authorizeDecision({ ...over, caller: latecomer() })).toMatchObject({ eligible: false });
  const before = { ...latecomer(), empoweredAt: -1 };
  expect(authorizeDecision({ ...over, caller: before })).toEqual({ eligible: true });
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
