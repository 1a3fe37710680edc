import { ExecError } from '@xem/errors';
import { expect, test } from 'vitest';
import type { TemplateElement } from '../bundle/bundle-file.ts';
import { compileTemplate, type TemplateFault } from './template.ts';

const RULES = {
  words: { node: '/opt/node', bundle: '/opt/demo' },
  declared: new Set(['resource', 'namespace', 'force', 'count', 'items', 'flag']),
  sure: new Set(['resource', 'count', 'items', 'flag']),
  dashArgs: new Set(['flag']),
};

const KUBECTL: TemplateElement[] = [
  'kubectl',
  'get',
  '{resource}',
  { when: 'namespace', args: ['-n', '{namespace}'] },
  { when: 'force', args: ['--force'] },
  '-o',
  'json',
];

function build(elements: TemplateElement[], args: Record<string, unknown>): string[] {
  const template = compileTemplate(elements, RULES);
  if (typeof template !== 'function') throw new Error(JSON.stringify(template));
  return template(args);
}

test.each([
  ['nothing optional', { resource: 'pods' }, 'kubectl get pods -o json'],
  [
    'an optional value',
    { resource: 'pods', namespace: 'kube-system' },
    'kubectl get pods -n kube-system -o json',
  ],
  ['a switch that is on', { resource: 'pods', force: true }, 'kubectl get pods --force -o json'],
  ['a switch that is off', { resource: 'pods', force: false }, 'kubectl get pods -o json'],
  ['an optional null', { resource: 'pods', namespace: null }, 'kubectl get pods -o json'],
])('template builds the argv for %s', (_, args, expected) => {
  expect(build(KUBECTL, args)).toEqual(expected.split(' '));
});

test.each([
  [{ resource: 'x' }, ['tool', '--soft']],
  [{ resource: 'x', force: false }, ['tool', '--soft']],
  [{ resource: 'x', force: true }, ['tool', '--hard']],
])('template takes one of two ways for %j', (args, argv) => {
  const elements: TemplateElement[] = [
    'tool',
    { when: 'force', args: ['--hard'] },
    { unless: 'force', args: ['--soft'] },
  ];
  expect(build(elements, args)).toEqual(argv);
});

test.each<[string, unknown, string[]]>([
  ['a command substitution', '$(id)', ['$(id)']],
  ['spaces and quotes', `a "b" 'c'`, [`a "b" 'c'`]],
  ['a newline', 'a\nb', ['a\nb']],
  ['nothing', '', ['']],
  ['a placeholder', '{namespace}', ['{namespace}']],
  ['a number', 1.5, ['1.5']],
  ['a truth', true, ['true']],
  ['a list', ['a', 2], ['a', '2']],
  ['an empty list', [], []],
])('template gives %s as whole arguments', (_, resource, expected) => {
  expect(build(['tool', '{resource}'], { resource })).toEqual(['tool', ...expected]);
});

test.each<[string, unknown]>([
  ['begins with a dash', '-rf'],
  ['is a lone dash', '-'],
  ['is a negative number', -1],
  ['holds a dash in a list', ['a', '--all']],
  ['holds NUL', 'a\0b'],
  ['is an object', { a: 1 }],
  ['is null', null],
  ['is a list of lists', [['a']]],
  ['is missing', undefined],
])('template refuses a value that %s', (_, resource) => {
  const args = resource === undefined ? {} : { resource };
  expect(() => build(['tool', '{resource}'], args)).toThrow(
    expect.objectContaining({ code: 'agent_refused', param: '/args/resource' }),
  );
  expect(() => build(['tool', '{resource}'], args)).toThrow(ExecError);
});

test('template lets a value begin with a dash where the tool allows it', () => {
  expect(build(['tool', '{flag}'], { flag: '--all' })).toEqual(['tool', '--all']);
});

test('template refuses a member that only the prototype has', () => {
  const rules = { ...RULES, declared: new Set(['constructor']), sure: new Set(['constructor']) };
  const template = compileTemplate(['tool', '{constructor}'], rules);
  expect(() => (typeof template === 'function' ? template({}) : [])).toThrow('is missing');
});

test('compileTemplate refuses an argument that is called like a word of the agent', () => {
  const rules = { ...RULES, declared: new Set(['node']), sure: new Set(['node']) };
  const message = expect.stringContaining('another name');
  expect(compileTemplate(['tool', '{node}'], rules)).toEqual([{ at: [1], message }]);
});

test('template puts the agent’s words anywhere, and leaves other braces alone', () => {
  expect(build(['{node}', '{bundle}/run.mjs', '{.items[0]}', '{}', '{unknown}x'], {})).toEqual([
    '/opt/node',
    '/opt/demo/run.mjs',
    '{.items[0]}',
    '{}',
    '{unknown}x',
  ]);
});

test.each<[string, TemplateElement[], TemplateFault['at'], RegExp]>([
  ['an undeclared argument', ['tool', '{nope}'], [1], /no argument/],
  ['an argument that may be absent', ['tool', '{namespace}'], [1], /may be absent/],
  ['part of an argument', ['tool', '--ns={namespace}'], [1], /element of its own/],
  ['a guard nobody declared', [{ when: 'nope', args: ['-x'] }], [0, 'when'], /no argument/],
  ['the same the other way', [{ unless: 'nope', args: ['-x'] }], [0, 'unless'], /no argument/],
  [
    'an argument where it is absent',
    [{ unless: 'force', args: ['{force}'] }],
    [0, 'args', 0],
    /may be absent/,
  ],
  [
    'another argument under a guard',
    [{ when: 'force', args: ['-n', '{namespace}'] }],
    [0, 'args', 1],
    /may be absent/,
  ],
])('compileTemplate refuses %s', (...[, elements, at, message]) => {
  expect(compileTemplate(elements, RULES)).toEqual([{ at, message: expect.stringMatching(message) }]);
});
