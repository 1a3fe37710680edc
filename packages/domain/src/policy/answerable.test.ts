import { PrincipalId } from '@xem/protocol';
import type { PolicyRules } from '@xem/store';
import { expect, test } from 'vitest';
import { findDoubts, findWarnings, type Decider } from './answerable.ts';
import { POLICY_PRESETS } from './presets.ts';

const { standard, restricted } = POLICY_PRESETS;

const person = (name: string, ...groups: readonly string[]): Decider => ({
  id: PrincipalId.parse(`prn_${name.charCodeAt(0).toString(16).repeat(12)}`),
  name,
  groups,
});

const ADA = person('ada', 'dba');
const BOB = person('bob', 'dba', 'sec');
const CY = person('cy');

/** Rules that reject in time, so that only what is under test is doubted. */
const rules = (over: Partial<PolicyRules> = {}): PolicyRules => ({
  ...standard,
  onTimeout: { destructive: 'reject', irreversible: 'reject' },
  ...over,
});

const quorumOf = (irreversible: PolicyRules['quorum']['irreversible']): PolicyRules =>
  rules({ quorum: { destructive: standard.quorum.destructive, irreversible } });

test.each([
  ['one person is enough and one is there', rules(), [CY]],
  [
    'one row of any_of can be filled',
    quorumOf({
      any_of: [
        { group: 'x', count: 9 },
        { group: 'dba', count: 2 },
      ],
    }),
    [ADA, BOB],
  ],
  [
    'one person fills two rows of all_of',
    quorumOf({
      all_of: [
        { group: 'dba', count: 1 },
        { group: 'sec', count: 1 },
      ],
    }),
    [BOB],
  ],
])('findDoubts has none when %s', (_, policy, deciders) => {
  expect(findDoubts(policy, deciders)).toEqual([]);
});

test.each([
  ['nobody may decide', rules(), [], ['destructive', 'irreversible']],
  ['a group is empty', quorumOf({ any_of: [{ group: 'ops', count: 1 }] }), [ADA, CY], ['irreversible']],
  [
    'two are wanted and one is there',
    quorumOf({ any_of: [{ group: '*', count: 2 }] }),
    [CY],
    ['irreversible'],
  ],
  [
    'one row of all_of stays open',
    quorumOf({
      all_of: [
        { group: 'dba', count: 2 },
        { group: 'sec', count: 2 },
      ],
    }),
    [ADA, BOB],
    ['irreversible'],
  ],
])('findDoubts says that nobody could answer when %s', (...[, policy, deciders, gates]) => {
  const stuck = findDoubts(policy, deciders).filter(({ unanswerable }) => unanswerable);
  expect(stuck.map(({ gate }) => gate)).toEqual(gates);
});

test('findDoubts says what is wanted and who is there', () => {
  const policy = quorumOf({
    all_of: [
      { group: 'dba', count: 3 },
      { group: '*', count: 4 },
    ],
  });
  expect(findDoubts(policy, [ADA, BOB, CY])).toEqual([
    {
      gate: 'irreversible',
      unanswerable: true,
      says: 'nobody could let any irreversible call run: quorum_irreversible wants 3 of dba and 4 of anybody, and the people who may decide are 2 of dba, 3 of anybody',
    },
  ]);
});

test('findDoubts names those whose own calls nobody could decide', () => {
  const alone = findDoubts({ ...restricted, onTimeout: rules().onTimeout }, [ADA, BOB]);
  expect(alone).toEqual([
    {
      gate: 'irreversible',
      unanswerable: false,
      says: 'nobody could decide the irreversible calls that these people ask for themselves: ada, bob',
    },
  ]);
});

test.each([
  ['there is no stage to escalate to', [], 'escalation_chain is empty'],
  [
    'nobody of a stage may decide',
    [{ groups: ['leads'], timeoutSeconds: 1 }],
    'nobody of leads could decide in stage 1',
  ],
])('findDoubts warns when %s', (_, escalationChain, says) => {
  const policy = rules({ onTimeout: standard.onTimeout, escalationChain });
  const doubts = findDoubts(policy, [ADA]);
  expect(doubts).toMatchObject([{ gate: 'destructive', unanswerable: false }]);
  expect(doubts[0]?.says).toContain(says);
});

test.each([[[]], [['*']], [['leads', 'dba']]])('findDoubts is content with a stage for %j', (groups) => {
  const escalationChain = [{ groups, timeoutSeconds: 1 }];
  expect(findDoubts(rules({ onTimeout: standard.onTimeout, escalationChain }), [ADA])).toEqual([]);
});

test('findWarnings leaves out the empty chain that nobody chose, and nothing else', () => {
  const chosen = { rules: standard, createdBy: { id: ADA.id, kind: 'human', name: 'ada' } } as const;
  const begun = { rules: standard, createdBy: null };
  expect(findWarnings(begun, [ADA])).toEqual([]);
  expect(findWarnings(chosen, [ADA])).toEqual([expect.stringContaining('escalation_chain is empty')]);
  expect(findWarnings(begun, [])).toEqual([
    expect.stringContaining('nobody could let any destructive call run'),
    expect.stringContaining('nobody could let any irreversible call run'),
  ]);
});
