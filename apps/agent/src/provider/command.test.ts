import { InvocationId } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBundleRig, type BundleRig } from '../testing/bundle-rig.ts';
import { outcome } from '../testing/run-rig.ts';

let rig: BundleRig;
beforeEach(() => {
  rig = openBundleRig();
});
afterEach(() => rig.close());

const INVOCATION_ID = InvocationId.parse('01930000-0000-7000-8000-000000000001');

const PROBE = `
tools:
  - name: probe
    description: A probe.
    risk: read
    timeout_ms: 60000
    output: { max_bytes: 10000 }
    parameters:
      type: object
      properties: { word: { type: string, maxLength: 20, default: none }, more: { type: string } }
      additionalProperties: false
    command: { run: [printf, '[%s]', '{word}', { when: more, args: ['{more}'] }] }
  - name: variables
    description: A probe.
    risk: read
    parameters: { type: object }
    command: { run: [env], env: [XEM_EFFECT_LOG, ABSENT] }
  - name: input
    description: A probe.
    risk: read
    parameters: { type: object, properties: { b: { type: integer, default: 1 } }, additionalProperties: true }
    command: { run: [cat], stdin: args }
  - name: words
    description: A probe.
    risk: read
    parameters: { type: object, properties: { word: { type: string } }, required: [word] }
    command: { run: [printf, '<%s>', before, '{word}', after] }
  - name: slow
    description: A probe.
    risk: read
    timeout_ms: 100
    parameters: { type: object }
    command: { run: [sleep, '60'] }
`;

function prepare(tool: string, args: Record<string, unknown>, credentialsRef: string | null = null) {
  rig.write('probe', PROBE);
  const found = rig.load().find(tool);
  if (!found) throw new Error('no such tool');
  return found.prepare({ args, credentialsRef });
}

const start = (tool: string, args: Record<string, unknown>, ref: string | null = null) =>
  prepare(tool, args, ref)({ key: rig.runs.newKey(), invocationId: INVOCATION_ID, timeoutMs: 60_000 });

test('command runs its program with the defaults of absent arguments', async () => {
  expect((await outcome(start('probe', { more: '$(id) *' }))).stdout).toBe('[none][$(id) *]');
});

test.each([
  ['break the schema', { word: 5 }, /word must be string/],
  ['are not declared', { other: 'x' }, /additional properties/],
  ['are too long', { word: 'x'.repeat(21) }, /20 characters/],
  ['begin with a dash', { word: '-v' }, /begins with "-"/],
  ['hold NUL', { word: 'a\0' }, /NUL/],
])('command refuses arguments that %s before anything starts', (_, args, message) => {
  const refused = expect.objectContaining({ code: 'agent_refused', message: expect.stringMatching(message) });
  expect(() => prepare('probe', args)).toThrow(refused);
  expect(rig.runs.runner.list()).toEqual([]);
});

test.each([
  'a b',
  '',
  `"quoted" 'too'`,
  'new\nline',
  'cr\r\nX-Injected: yes',
  '../../etc/passwd',
  '%2e%2e',
  '..\\..',
  '$(id) `id` ${HOME} $0',
  '; rm -rf / & | > < * ? [a] ~ # !',
  '{word}',
  '{node}',
  '\\n%s%n',
  'ünï ☃ 😀 \u202E',
  '=x',
  '+x',
  '@file',
])('command gives its program %j as one word', async (word) => {
  expect((await outcome(start('words', { word }))).stdout).toBe(`<before><${word}><after>`);
});

test.each(['-', '-rf', '--help', '-\n', 'a\0b', '\0'])('command refuses the word %j', (word) => {
  expect(() => prepare('words', { word })).toThrow(
    expect.objectContaining({ code: 'agent_refused', param: '/args/word' }),
  );
});

test('command refuses credentials that the host does not have', () => {
  rig.writeCredentials('prod', 'TOKEN=abcdef-123\n');
  expect(() => prepare('variables', {}, 'stage')).toThrow(expect.objectContaining({ code: 'agent_refused' }));
  expect(() => prepare('variables', {}, '../prod')).toThrow(
    expect.objectContaining({ code: 'agent_refused' }),
  );
});

test('command gives the program the allowed variables and its workspace’s credentials, masked on the way out', async () => {
  rig.writeCredentials('prod', 'TOKEN=abcdef-123\nREGION=eu\n');
  rig.writeCredentials('stage', 'TOKEN=stage-secret\n');
  const { stdout } = await outcome(start('variables', {}, 'prod'));
  const names = stdout
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('PWD='));
  expect(names.filter((line) => line.startsWith('XEM_')).map((line) => line.split('=')[0])).toEqual(
    expect.arrayContaining(['XEM_EFFECT_LOG', 'XEM_INVOCATION_ID', 'XEM_EXECUTION_ID', 'XEM_ATTEMPT']),
  );
  const others = names.filter((line) => !line.startsWith('XEM_') && !line.startsWith('PATH=')).toSorted();
  expect(others).toEqual(['REGION=eu', 'TOKEN=**********']);
});

test('command masks the secrets of every workspace', async () => {
  rig.writeCredentials('stage', 'TOKEN=stage-secret\n');
  const { stdout } = await outcome(start('probe', { word: 'x stage-secret' }));
  expect(stdout).toBe('[x ************]');
});

test('command gives the program its arguments as canonical JSON', async () => {
  expect((await outcome(start('input', { z: [1, { y: 'ü', x: null }], a: 'b' }))).stdout).toBe(
    '{"a":"b","b":1,"z":[1,{"x":null,"y":"ü"}]}',
  );
});

test('command stops at the shorter of the tool’s time and the call’s', async () => {
  const { end } = await outcome(start('slow', {}));
  expect(end).toMatchObject({ status: 'timeout', error: { code: 'tool_timeout' } });
});
