import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { toolDigest } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBundleRig, type BundleRig } from '../testing/bundle-rig.ts';
import { BundleError, describeProblem, type BundleProblem } from './bundle-error.ts';

let rig: BundleRig;
beforeEach(() => {
  rig = openBundleRig();
});
afterEach(() => rig.close());

function problemsOf(load: () => unknown): readonly BundleProblem[] {
  try {
    load();
  } catch (err) {
    if (err instanceof BundleError) return err.problems;
    throw err;
  }
  return [];
}

const problems = (): readonly BundleProblem[] => problemsOf(() => rig.load());

/** A bundle of one tool; the lines given stand from line 6 on. */
const bundleOf = (...lines: string[]): string =>
  [
    'tools:',
    '  - name: probe',
    '    description: A probe.',
    '    risk: read',
    '    # what follows differs',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');

const tool = (name: string): string =>
  `  - { name: ${name}, description: d, risk: read, parameters: { type: object }, builtin: { name: demo_noop } }\n`;

const withId = (name: string, type: string): string =>
  `  - name: ${name}
    description: d
    risk: read
    parameters: { $id: https://xem.test/same, type: object, properties: { a: { type: ${type} } } }
    builtin: { name: demo_noop }\n`;

const PARAMETERS = 'parameters: { type: object, properties: { a: { type: string } }, required: [a] }';

test('loadBundles fills in what the manifest wants and keeps the rest out of it', () => {
  rig.write('one', bundleOf(PARAMETERS, 'command: { run: [echo, "{a}"] }'));
  const bundles = rig.load();
  const [definition] = bundles.tools;
  expect(definition).toEqual({
    name: 'probe',
    description: 'A probe.',
    risk: 'read',
    domain: 'general',
    parameters: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    timeout_ms: 60_000,
    idempotent: false,
    mcp: { visible: false },
    output: { media_type: 'application/octet-stream', max_bytes: 16 * 1024 * 1024 },
  });
  const probe = bundles.find('probe');
  expect(probe).toMatchObject({ bundle: 'one', provider: 'command' });
  expect(probe?.digest).toBe(definition && toolDigest(definition));
});

test('loadBundles reads several tools of several bundles, and passes over what is no bundle', () => {
  rig.write('b', `tools:\n${tool('z')}${tool('c')}`);
  rig.write('a', `description: d\ntools:\n${tool('m')}`);
  mkdirSync(`${rig.folder}/tools/empty`);
  writeFileSync(`${rig.folder}/tools/README`, '');
  const bundles = rig.load();
  expect(bundles.tools.map(({ name }) => name)).toEqual(['c', 'm', 'z']);
  expect(bundles.find('m')).toMatchObject({ bundle: 'a', provider: 'builtin' });
  expect(bundles.find('absent')).toBeUndefined();
});

test.each([
  [
    'a switch that is neither on nor off',
    [PARAMETERS, 'mcp: { visible: 5 }', 'command: { run: [a] }'],
    7,
    'tools[0].mcp.visible',
  ],
  ['a word that nobody knows', [PARAMETERS, 'colour: red', 'command: { run: [a] }'], 7, 'tools[0].colour'],
  ['no parameters', ['command: { run: [a] }'], 2, 'tools[0].parameters'],
  [
    'parameters of another type',
    ['parameters: { type: array }', 'command: { run: [a] }'],
    6,
    'tools[0].parameters.type',
  ],
  ['no provider', [PARAMETERS], 2, 'tools[0]'],
  ['two providers', [PARAMETERS, 'command: { run: [a] }', 'builtin: { name: demo_noop }'], 2, 'tools[0]'],
  ['an empty command', [PARAMETERS, 'command:', '  run: []'], 8, 'tools[0].command.run'],
  ['a bad element', [PARAMETERS, 'command:', '  run:', '    - a', '    - 5'], 10, 'tools[0].command.run[1]'],
  ['a builtin that there is not', [PARAMETERS, 'builtin: { name: rm_rf }'], 7, 'tools[0].builtin.name'],
  [
    'too much output',
    [PARAMETERS, 'output: { max_bytes: 9999999999 }', 'command: { run: [a] }'],
    7,
    'tools[0].output.max_bytes',
  ],
  [
    'an argument nobody declared',
    [PARAMETERS, 'command:', '  run:', '    - a', '    - "{b}"'],
    10,
    'tools[0].command.run[1]',
  ],
  [
    'dashes for an argument nobody declared',
    [PARAMETERS, 'command: { run: [a], dash_args: [b] }'],
    7,
    'tools[0].command.dash_args[0]',
  ],
])('loadBundles refuses %s with the line and the field', (...[, lines, line, field]) => {
  const file = rig.write('one', bundleOf(...lines));
  expect(problems()[0]).toMatchObject({ file, line, field });
});

test.each([
  ['is no YAML', 'tools: [\n  a: {', /bundle\.yaml:\d+: /],
  ['says a word twice', 'tools: []\ntools: []\n', /bundle\.yaml:2: .*unique/],
  ['is a list', '- a\n', /bundle\.yaml:1: /],
  ['is empty', '', /bundle\.yaml:1: must be a map/],
  ['has no tools', 'description: d\n', /bundle\.yaml:1: tools: /],
])('loadBundles refuses a file that %s', (...[, yaml, says]) => {
  rig.write('one', yaml);
  const [first] = problems();
  expect(first && describeProblem(first)).toMatch(says);
});

test.each([
  ['a type that there is not', '{ type: object, properties: { a: { type: strin } } }', '/properties/a/type'],
  [
    'an unknown keyword',
    '{ type: object, properties: { foo: { type: string, foo: 1 } } }',
    '/properties/foo/foo',
  ],
  [
    'a reference to nothing',
    '{ type: object, properties: { a: { $ref: "#/$defs/x" } } }',
    '/properties/a/$ref',
  ],
  [
    'a pattern that is none',
    '{ type: object, properties: { a: { type: string, pattern: "(" } } }',
    '/properties/a/pattern',
  ],
  ['a required argument that is not declared', '{ type: object, required: [b] }', ''],
])('loadBundles refuses a schema with %s, naming the tool and a pointer', (...[, schema, pointer]) => {
  rig.write('one', bundleOf(`parameters: ${schema}`, 'command: { run: [a] }'));
  const [first] = problems();
  expect(first?.line).toBe(6);
  expect(first?.message).toContain(`tool "probe": its schema cannot be used at "${pointer}"`);
});

test('loadBundles keeps schemas of one `$id` apart', () => {
  rig.write('one', `tools:\n${withId('text', 'string')}${withId('number', 'integer')}`);
  const bundles = rig.load();
  const prepare = (name: string, a: unknown) => () =>
    bundles.find(name)?.prepare({ args: { a }, credentialsRef: null });
  expect(prepare('number', 'x')).toThrow('/a must be integer');
  expect(prepare('text', 1)).toThrow('/a must be string');
  expect(prepare('text', 'x')).not.toThrow();
});

test('loadBundles refuses two tools of one name, or with one alias', () => {
  rig.write('a', `tools:\n${tool('x.y')}`);
  const file = rig.write('b', `tools:\n${tool('x.y')}${tool('x_y')}`);
  expect(problems()).toMatchObject([
    { file, line: 2, message: expect.stringContaining('bundle "a"') },
    { file, line: 3, message: expect.stringContaining('alias "x_y"') },
  ]);
});

test('loadBundles tells everything that is wrong at once', () => {
  rig.write('a', bundleOf(PARAMETERS, 'builtin: { name: nope }'));
  rig.write('b', 'tools: []');
  rig.writeCredentials('prod', 'TOKEN=abcdef', 0o644);
  expect(problems()).toHaveLength(3);
});

test('loadBundles refuses a folder of bundles that is not there', () => {
  const found = problemsOf(() => rig.load({ toolsDir: `${rig.folder}/absent` }));
  expect(found).toMatchObject([{ file: `${rig.folder}/absent`, line: null, field: 'tools_dir' }]);
});

test.each([
  ['readable by the group', 'TOKEN=abcdef\n', 0o640, null],
  ['writable by others', 'TOKEN=abcdef\n', 0o602, null],
  ['no assignment', '# a comment\n\nTOKEN abcdef\n', 0o600, 3],
  ['no name', '=abcdef', 0o600, 1],
  ['said twice', 'A=abcdef\nA=ghijkl', 0o600, 2],
])('loadBundles refuses credentials that are %s, without telling them', (...[, text, mode, line]) => {
  const file = rig.writeCredentials('prod', text, mode);
  const [first] = problems();
  expect(first).toMatchObject({ file, line });
  expect(first?.message).not.toContain('abcdef');
});

test('loadBundles reads credentials through links and passes over hidden files', () => {
  mkdirSync(`${rig.folder}/mounted`);
  rig.writeCredentials('.hidden', 'not read', 0o644);
  const file = rig.writeCredentials('real', 'TOKEN=a=b "c"\r\n');
  symlinkSync(file, `${rig.folder}/credentials/linked`);
  const { mask } = rig.load();
  expect(mask.cover(Buffer.from('x a=b "c"'))).toEqual([{ start: 2, end: 9 }]);
});
