import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { AttemptKey } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collect, openRunRig, outcome, type RunRig } from '../testing/run-rig.ts';

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

test.each([
  ['a command substitution', '$(id)'],
  ['a backquoted command', '`id`'],
  ['quotes', `"it's"`],
  ['a wildcard', '*'],
  ['a newline', 'one\ntwo'],
  ['nothing', ''],
  ['a leading dash', '-rf'],
  ['a backslash', 'a\\nb'],
  ['a semicolon', '; exit 9'],
  ['characters of other scripts', 'Größe 大'],
])('runner.start hands over an argument with %s as it is', async (_, argument) => {
  const run = rig.runner.start(rig.request(['printf', '<%s>', argument, 'end']));
  expect(await outcome(run)).toMatchObject({ stdout: `<${argument}><end>`, end: { status: 'completed' } });
});

test('runner.start keeps every byte of both streams, apart', async () => {
  const script = String.raw`printf 'a\000b\377\376'; printf 'e\000\200' >&2`;
  const run = rig.runner.start(rig.request(['sh', '-c', script]));
  expect(await collect(run.stdout)).toEqual(Buffer.from([97, 0, 98, 255, 254]));
  expect(await collect(run.stderr)).toEqual(Buffer.from([101, 0, 128]));
});

test.each([
  ['exit 0', { status: 'completed', ended_by: 'exit', exit_code: 0, signal: null, error: null }],
  ['exit 3', { status: 'failed', ended_by: 'exit', exit_code: 3, signal: null }],
  ['kill -SEGV $$', { status: 'failed', ended_by: 'exit', exit_code: 139, signal: 'SIGSEGV' }],
  ['kill -KILL $$', { status: 'failed', ended_by: 'exit', exit_code: 137, signal: 'SIGKILL' }],
])('runner.start reports a tool that does `%s`', async (script, expected) => {
  const end = await rig.runner.start(rig.request(['sh', '-c', script])).ended;
  expect(end).toMatchObject(expected);
  expect(end.error?.code).toBe(expected.exit_code === 0 ? undefined : 'tool_exit_nonzero');
});

test.each([
  ['is not there', ['xem-no-such-program']],
  ['may not be executed', ['/etc/passwd']],
  ['is a folder', ['/etc']],
  ['has a relative path', ['./tool']],
  ['gets an argument with NUL', ['printf', 'a\0b']],
  ['gets an argument that is too long', ['printf', 'x'.repeat(256 * 1024)]],
])('runner.start refuses a program that %s', async (_, [program = '', ...args]) => {
  const run = rig.runner.start(rig.request([program, ...args]));
  const { end, stdout } = await outcome(run);
  expect(end).toMatchObject({ status: 'failed', exit_code: null, error: { code: 'tool_spawn_failed' } });
  expect(stdout).toBe('');
  expect(await run.stderr.summary()).toMatchObject({ bytes: 0, truncated: false, masked: 0 });
});

test('runner.start tells a tool that ends with 127 from one that is not there', async () => {
  const end = await rig.runner.start(rig.request(['sh', '-c', 'exit 127'])).ended;
  expect(end).toMatchObject({ exit_code: 127, error: { code: 'tool_exit_nonzero' } });
});

test('runner.start refuses an attempt that was started before', async () => {
  const request = rig.request(['true']);
  await rig.runner.start(request).ended;
  expect(() => rig.runner.start(request)).toThrow('was started before');
  expect(() => rig.anotherRunner().start(request)).toThrow('was started before');
});

test('runner.start refuses a key that would be another path', () => {
  const key = { ...rig.newKey(), execution_id: '../../../../../../../etc' };
  // @ts-expect-error -- the type forbids it too
  expect(() => rig.runner.start(rig.request(['true'], { key }))).toThrow(/UUID/);
});

test('runner.start gives the tool its environment and the names of its run, nothing else', async () => {
  const request = rig.request(['env'], { env: { PATH: '/usr/bin:/bin', TOKEN: 'a=b' } });
  const { stdout } = await outcome(rig.runner.start(request));
  const names = stdout.trim().split('\n').toSorted();
  expect(names).toEqual([
    'PATH=/usr/bin:/bin',
    expect.stringMatching(/^PWD=.*\/work$/),
    'TOKEN=a=b',
    'XEM_ATTEMPT=1',
    `XEM_EXECUTION_ID=${request.key.execution_id}`,
    `XEM_INVOCATION_ID=${request.invocationId}`,
  ]);
});

test('runner.start gives the tool its standard input and a folder of its own', async () => {
  const request = rig.request(['sh', '-c', 'cat; pwd; ls -a'], { stdin: 'given\0\n' });
  const { stdout } = await outcome(rig.runner.start(request));
  expect(stdout).toBe(`given\0\n${rig.path(request.key, 'work')}\n.\n..\n`);
});

test('runner.start keeps a stream whole that the tool opens again', async () => {
  const run = rig.runner.start(rig.request(['sh', '-c', 'echo one; echo two >>/dev/stdout; echo three']));
  expect((await outcome(run)).stdout).toBe('one\ntwo\nthree\n');
});

test('runner.start takes a limit above the hard one for the hard one', async () => {
  const limits = { openFiles: 1e12, processes: 1e12, cpuSeconds: null, memoryBytes: null, fileBytes: null };
  const run = rig.runner.start(rig.request(['true'], { limits }));
  expect(await run.ended).toMatchObject({ status: 'completed' });
});

test('runner.list names the attempts in the spool and nothing else, until they are removed', async () => {
  const request = rig.request(['true']);
  mkdirSync(`${rig.spoolDir}/lost+found`);
  writeFileSync(`${rig.spoolDir}/note.1`, '');
  await rig.runner.start(request).ended;
  expect(rig.runner.list()).toEqual([request.key]);
  await rig.runner.remove(request.key);
  await rig.runner.remove(request.key);
  expect(rig.runner.list()).toEqual([]);
  expect(readdirSync(rig.spoolDir).toSorted()).toEqual(['lost+found', 'note.1']);
});

test('runner.remove takes one attempt and leaves the next', async () => {
  const first = rig.request(['true']);
  const second = rig.request(['true'], { key: AttemptKey.parse({ ...first.key, attempt: 2 }) });
  await Promise.all([rig.runner.start(first).ended, rig.runner.start(second).ended]);
  await rig.runner.remove(first.key);
  expect(rig.runner.list()).toEqual([second.key]);
});
