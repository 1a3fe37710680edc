import { ApiKeyId, ApprovalId, LinkId, PrincipalId, type PrincipalRef, type Surface } from '@xem/protocol';
import type { ApprovalRecord, PolicyRules } from '@xem/store';
import { expect, test } from 'vitest';
import type { Caller, Credential } from '../context.ts';
import { POLICY_PRESETS } from '../policy/presets.ts';
import { givenBy, judgedApproval, judgedCaller } from '../testing/judged.ts';
import { authorizeDecision } from './authorize-decision.ts';

const NOW = 1000;
const APPROVAL = ApprovalId.parse('00000000-0000-7000-8000-000000000000');
const keyOf = (digit: string) => ApiKeyId.parse(`key_${digit.repeat(24)}`);
const ASKING_KEY = keyOf('a');

const personOf = (digit: string): PrincipalRef => ({
  id: PrincipalId.parse(`prn_${digit.repeat(24)}`),
  kind: 'human',
  name: digit,
});
const REQUESTER = personOf('a');
const VOTER = personOf('c');
const MINTER = personOf('d');

/** Who decides, as the specification sees them. What is left out is what lets somebody decide. */
interface Identity {
  readonly kind?: PrincipalRef['kind'];
  readonly canDecide?: boolean;
  readonly executes?: boolean;
  /** Their own call. */
  readonly asked?: boolean;
  /** The families of their key: that of the key that asked among them when it is that one, or comes from it. */
  readonly line?: readonly ApiKeyId[];
  readonly groups?: readonly string[];
  readonly voted?: boolean;
  /** When they were let in, given a group, or enabled; the call is asked for at 0. */
  readonly empoweredAt?: number;
}

const IDENTITIES: Readonly<Record<string, Identity>> = {
  'another human': {},
  'a human whose key may not decide': { canDecide: false },
  'a human whose key may not execute': { executes: false },
  'a service whose key says that it decides': { kind: 'service' },
  'the requester, by a key of another line': { asked: true },
  'the key that asked': { asked: true, line: [ASKING_KEY] },
  'the key that asked, rotated by another': { asked: true, line: [ASKING_KEY, keyOf('b')] },
  'a key that it minted': { asked: true, line: [keyOf('b'), ASKING_KEY] },
  'a key that was rotated from one that it minted': {
    asked: true,
    line: [keyOf('c'), keyOf('b'), ASKING_KEY],
  },
  'a key of somebody else that it minted': { line: [keyOf('b'), ASKING_KEY] },
  'a human of dba': { groups: ['dba'] },
  'a human of another group': { groups: ['ops'] },
  'the requester, of dba': { asked: true, groups: ['dba'] },
  'a human who has voted': { voted: true, groups: ['dba'] },
  'a human who was let in before the call was asked for': { empoweredAt: -1 },
  'a human who was let in at the same moment': { empoweredAt: 0 },
  'a human who was let in after it': { empoweredAt: 1 },
  'a human who was put into dba after it': { empoweredAt: 1, groups: ['dba'] },
};

/** A policy, and the stage that its approval is in. */
interface Gate {
  readonly rules: PolicyRules;
  readonly stage?: readonly string[];
}

const { standard, elevated, restricted } = POLICY_PRESETS;
const quorum = (rows: PolicyRules['quorum']['destructive']): PolicyRules => ({
  ...standard,
  quorum: { destructive: rows, irreversible: rows },
});

const GATES: Readonly<Record<string, Gate>> = {
  standard: { rules: standard },
  elevated: { rules: elevated },
  restricted: { rules: restricted },
  'standard, escalated to dba': { rules: standard, stage: ['dba'] },
  'standard, escalated to everybody': { rules: standard, stage: ['*'] },
  'two people': { rules: quorum({ any_of: [{ group: '*', count: 2 }] }) },
  'two of dba': { rules: quorum({ any_of: [{ group: 'dba', count: 2 }] }) },
  'one of dba and one of sec': {
    rules: quorum({
      all_of: [
        { group: 'dba', count: 1 },
        { group: 'sec', count: 1 },
      ],
    }),
  },
  'two of dba, escalated to ops': { rules: quorum({ any_of: [{ group: 'dba', count: 2 }] }), stage: ['ops'] },
};

const ROUTES = { 'REST and CLI': 'key', 'the page': 'console', 'a link': 'link' } as const;
const SURFACES = ['rest', 'cli', 'console', 'rerun', 'mcp', 'chat'] as const;
const RISKS = ['destructive', 'irreversible'] as const;

interface Case {
  readonly gate: Gate;
  readonly route: Credential['kind'];
  readonly surface: Surface;
  readonly risk: (typeof RISKS)[number];
}

/** What the specification says, word for word. */
function isEligible(who: Identity, { gate, route, surface, risk }: Case): boolean {
  const { kind = 'human', canDecide = true, executes = true, asked = false, line = [], voted = false } = who;
  const late = (who.empoweredAt ?? -1) >= 0;
  const groups = new Set(['*', ...(who.groups ?? [])]);
  const byModel = surface === 'mcp' || surface === 'chat';
  const rows = Object.values(gate.rules.quorum[risk]).flat();
  const counted = rows.some(({ group }) => groups.has(group));
  const staged = gate.stage === undefined || gate.stage.some((group) => groups.has(group));
  const proved = gate.rules.decideWith === 'any' || route === 'console';
  const mayAsk = !asked || gate.rules.allowSelfApproval[risk];
  const apart = !byModel || !line.includes(ASKING_KEY);
  return (
    kind === 'human' &&
    canDecide &&
    executes &&
    apart &&
    mayAsk &&
    proved &&
    staged &&
    counted &&
    !voted &&
    !late
  );
}

const LINK = { id: LinkId.parse(`lnk_${'0'.repeat(24)}`), approvalId: APPROVAL };

const byLink = (caller: Caller): Caller => ({
  ...caller,
  principal: { ...caller.principal, via: { kind: 'link', id: LINK.id, of: MINTER.id } },
  credential: { ...caller.credential, link: LINK },
});

function callerOf(who: Identity, route: Credential['kind']): Caller {
  const { kind = 'human', canDecide = true, executes = true, line = [keyOf('f')], groups = [] } = who;
  const self = who.asked ? REQUESTER : who.voted ? VOTER : personOf('b');
  const caller = judgedCaller({
    principal: { ...self, kind, groups, empoweredAt: who.empoweredAt ?? null },
    key: { families: line, scopes: executes ? ['execution', 'management'] : ['management'], canDecide },
    kind: route,
  });
  return route === 'link' ? byLink(caller) : caller;
}

const approvalOf = ({ gate, surface, risk }: Case): ApprovalRecord =>
  judgedApproval({
    id: APPROVAL,
    risk,
    requestedBy: REQUESTER,
    requestFamily: ASKING_KEY,
    surface,
    stages: [
      { groups: [], expiresAt: gate.stage ? NOW : NOW + 1 },
      { groups: gate.stage ?? [], expiresAt: NOW + 2 },
    ],
    quorum: gate.rules.quorum[risk],
    decisions: [givenBy(VOTER)],
    stageExpiresAt: gate.stage ? NOW : NOW + 1,
    expiresAt: NOW + 2,
    createdAt: 0,
  });

const CASES = Object.entries(GATES).flatMap(([policy, gate]) =>
  Object.entries(ROUTES).flatMap(([way, route]) =>
    SURFACES.flatMap((surface) => RISKS.map((risk) => ({ policy, gate, way, route, surface, risk }))),
  ),
);

const verdicts = (decide: (who: Identity) => boolean) =>
  Object.fromEntries(Object.entries(IDENTITIES).map(([name, who]) => [name, decide(who)]));

test.each(CASES)(
  'authorizeDecision under $policy, by $way, over a $risk call from $surface, lets through whom the specification does',
  (row) => {
    const approval = approvalOf(row);
    const judge = (who: Identity): boolean =>
      authorizeDecision({ caller: callerOf(who, row.route), approval, rules: row.gate.rules, now: NOW })
        .eligible;
    expect(verdicts(judge)).toEqual(verdicts((who) => isEligible(who, row)));
  },
);

test('the matrix lets somebody through and keeps somebody out for each policy', () => {
  for (const gate of Object.values(GATES)) {
    const found = CASES.filter((row) => row.gate === gate).flatMap((row) =>
      Object.values(IDENTITIES).map((who) => isEligible(who, row)),
    );
    const impossible = gate === GATES['two of dba, escalated to ops'];
    expect(new Set(found)).toEqual(new Set(impossible ? [false] : [true, false]));
  }
});
