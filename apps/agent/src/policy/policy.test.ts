import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FieldProblem } from '../bundle/yaml-file.ts';
import { compilePolicy } from './policy.ts';
import { PolicyFile } from './policy-file.ts';

const HERE = 'ws_00000000';
const THERE = 'ws_11111111';
const NOON = Date.parse('2026-06-01T12:00:00Z');

type Given = Parameters<typeof PolicyFile.parse>[0];

function policyOf(file: Given) {
  const problems: FieldProblem[] = [];
  const policy = compilePolicy(PolicyFile.parse(file), (problem) => problems.push(problem));
  return { policy, problems };
}

const rule = (effect: 'allow' | 'deny', more: object = {}) => ({ name: 'r1', effect, ...more });

const refusal = (file: Given, args: Record<string, unknown> = {}, tool = 'kubectl_drain') =>
  policyOf(file).policy.refusal({ tool, workspaceId: HERE, args }, NOON);

const denies = (more: object, args?: Record<string, unknown>): boolean =>
  refusal({ rules: [rule('deny', more)] }, args) !== null;

const allows = (more: object, args?: Record<string, unknown>): boolean =>
  refusal({ default: 'deny', rules: [rule('allow', more)] }, args) === null;

test('policy.refusal names the rule, or that none allows it', () => {
  expect(refusal({ rules: [rule('deny')] })).toBe('rule r1 of the host’s policy denies it');
  expect(refusal({ default: 'deny' })).toBe('no rule of the host’s policy allows it');
  expect(refusal({})).toBeNull();
});

test('policy.refusal follows the first rule that fits', () => {
  const allow = { name: 'dry', effect: 'allow', args: { mode: '^dry$' } };
  const file = { rules: [allow, rule('deny', { tools: ['kubectl_*'] })] };
  expect(refusal(file, { mode: 'dry' })).toBeNull();
  expect(refusal(file, { mode: 'wet' })).toContain('r1');
  expect(refusal(file, { mode: 'wet' }, 'openstack_list')).toBeNull();
});

test.each<[readonly string[], boolean]>([
  [['kubectl_drain'], true],
  [['kubectl_*'], true],
  [['*'], true],
  [['kubectl_drai?'], true],
  [['other', '*_drain'], true],
  [['kubectl'], false],
  [['drain'], false],
  [['kubectl_drain?'], false],
  [['kubectl.drain'], false],
  [['KUBECTL_*'], false],
])('policy.refusal of tools %j fits kubectl_drain: %s', (tools, fits) => {
  expect(denies({ tools })).toBe(fits);
});

test.each<[string, string, unknown, boolean]>([
  ['a part of a text', 'prod', 'my-prod-1', true],
  ['an anchored text', '^prod$', 'prod', true],
  ['not a text with a line more', '^prod$', 'prod\n', false],
  ['a number as it is written', '^5$', 5, true],
  ['a flag', '^true$', true, true],
  ['an object as JSON', '"a":1', { b: 2, a: 1 }, true],
  ['nothing where nothing is given', '.*', undefined, false],
])('policy.refusal finds in an argument %s', (...[, pattern, value, fits]) => {
  const args = value === undefined ? {} : { node: value };
  expect(denies({ args: { node: pattern } }, args)).toBe(fits);
  expect(allows({ args: { node: pattern } }, args)).toBe(fits);
});

test('policy.refusal forbids a list for one element, and allows it only for all', () => {
  const args = { args: { nodes: '^prod-' } };
  expect(denies(args, { nodes: ['test-1', 'prod-1'] })).toBe(true);
  expect(allows(args, { nodes: ['test-1', 'prod-1'] })).toBe(false);
  expect(allows(args, { nodes: ['prod-2', 'prod-1'] })).toBe(true);
  expect(allows(args, { nodes: [] })).toBe(false);
});

test('policy.refusal reaches into arguments by a pointer, never into what they inherit', () => {
  const nested = { spec: { 'a/b': ['x'] } };
  expect(denies({ args: { '/spec/a~1b/0': '^x$' } }, nested)).toBe(true);
  expect(denies({ args: { '/spec/constructor': '.*' } }, nested)).toBe(false);
  expect(denies({ args: { toString: '.*' } }, nested)).toBe(false);
});

test('policy.refusal wants every argument that a rule names', () => {
  const args = { args: { node: '^a', mode: '^b' } };
  expect(denies(args, { node: 'a', mode: 'b' })).toBe(true);
  expect(denies(args, { node: 'a', mode: 'x' })).toBe(false);
});

test('policy.refusal looks at the workspace and at the clock', () => {
  expect(denies({ workspaces: [HERE] })).toBe(true);
  expect(denies({ workspaces: [THERE] })).toBe(false);
  expect(denies({ hours: { zone: 'UTC', from: '11:00', to: '13:00' } })).toBe(true);
  expect(denies({ hours: { zone: 'UTC', from: '13:00', to: '11:00' } })).toBe(false);
});

test('policy.refusal takes time that grows with the text only, whatever the pattern', () => {
  const text = `${'a'.repeat(200_000)}!`;
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '(.*a){12}b$']) {
    expect(denies({ args: { text: pattern } }, { text })).toBe(false);
  }
});

test.each<[string, Given, boolean]>([
  ['nothing forbids it', { rules: [] }, true],
  ['a rule forbids it in some hours', { rules: [rule('deny', { args: { a: 'x' } })] }, true],
  ['a rule forbids it in one workspace', { rules: [rule('deny', { workspaces: [HERE] })] }, true],
  ['a rule forbids it', { rules: [rule('deny', { tools: ['kubectl_*'] })] }, false],
  ['a rule forbids it, with an empty list of arguments', { rules: [rule('deny', { args: {} })] }, false],
  ['a rule forbids another', { rules: [rule('deny', { tools: ['x'] })] }, true],
  [
    'a rule allows some of it before another forbids it',
    { rules: [{ name: 'some', effect: 'allow', args: { a: 'x' } }, rule('deny')] },
    true,
  ],
  [
    'a rule allows it after another forbids it',
    { rules: [rule('deny'), { name: 'late', effect: 'allow' }] },
    false,
  ],
  ['nothing allows it', { default: 'deny', rules: [rule('allow', { tools: ['x'] })] }, false],
  ['a rule allows some of it', { default: 'deny', rules: [rule('allow', { args: { a: 'x' } })] }, true],
])('policy.allowsEver tells of a tool when %s', (_, file, ever) => {
  expect(policyOf(file).policy.allowsEver('kubectl_drain')).toBe(ever);
});

test('policy.refusal lets nothing run of a tool that it never allows', () => {
  const effect = fc.constantFrom('allow', 'deny');
  const some = fc.record(
    {
      effect,
      tools: fc.subarray(['kubectl_*', 'other', '*'], { minLength: 1 }),
      workspaces: fc.subarray([HERE, THERE], { minLength: 1 }),
      args: fc.constant({ a: 'x' }),
    },
    { requiredKeys: ['effect'] },
  );
  const named = fc
    .array(some, { maxLength: 5 })
    .map((rules) => rules.map((one, at) => Object.assign(one, { name: `r${at}` })));
  fc.assert(
    fc.property(effect, named, fc.constantFrom('x', 'y'), (fallback, rules, a) => {
      const { policy } = policyOf({ default: fallback, rules });
      const runs = policy.refusal({ tool: 'kubectl_drain', workspaceId: HERE, args: { a } }, NOON) === null;
      expect(runs && !policy.allowsEver('kubectl_drain')).toBe(false);
    }),
  );
});

test('policy.idleRules names the rules whose tools are not there', () => {
  const { policy } = policyOf({
    rules: [rule('deny', { tools: ['kubectl_drian'] }), { name: 'r2', effect: 'deny' }],
  });
  expect(policy.idleRules(['kubectl_drain'])).toEqual(['r1']);
});

test.each(['(', '(?=a)', '(a)\\1', '[z-a]'])(
  'policy.compile reports the pattern %s at its place',
  (pattern) => {
    const { problems } = policyOf({ rules: [rule('deny', { args: { node: pattern } })] });
    expect(problems).toMatchObject([{ at: ['rules', 0, 'args', 'node'] }]);
  },
);
