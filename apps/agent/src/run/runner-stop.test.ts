import { afterEach, beforeEach, expect, test } from 'vitest';
import { carriersOf, collect, openRunRig, outcome, type RunRig } from '../testing/run-rig.ts';
import type { Run } from './run.ts';

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

const firstOutput = async (run: Run): Promise<string> => {
  for await (const { bytes } of run.stdout.read()) return bytes.toString();
  return '';
};

test('run.cancel ends the group and reports it gone', async () => {
  const run = rig.runner.start(rig.request(['sh', '-c', 'sleep 60 & echo ready; wait']));
  await firstOutput(run);
  run.cancel('asked');
  const end = await run.ended;
  expect(end).toMatchObject({ status: 'cancelled', ended_by: 'cancel', error: null, survivors: [] });
  expect(carriersOf(run.key)).toEqual([]);
});

test('run.cancel keeps the status of a tool that ends in good order', async () => {
  const run = rig.runner.start(
    rig.request(['sh', '-c', 'trap "echo bye; exit 7" TERM; echo ready; while :; do sleep 0.01; done']),
  );
  await firstOutput(run);
  run.cancel('asked');
  const { stdout, end } = await outcome(run);
  expect(end).toMatchObject({ status: 'cancelled', ended_by: 'cancel', exit_code: 7, signal: null });
  expect(stdout).toBe('ready\nbye\n');
});

test('run.cancel kills a tool that ignores SIGTERM', async () => {
  const runner = rig.impatientRunner();
  const run = runner.start(rig.request(['sh', '-c', 'trap "" TERM; echo ready; sleep 60; sleep 60']));
  await firstOutput(run);
  run.cancel('asked');
  expect(await run.ended).toMatchObject({ status: 'cancelled', exit_code: 137, signal: 'SIGKILL' });
  expect(carriersOf(run.key)).toEqual([]);
});

test('run.cancel wakes a tool that was stopped', async () => {
  const run = rig.runner.start(rig.request(['sh', '-c', 'echo ready; kill -STOP $$; sleep 60']));
  await firstOutput(run);
  run.cancel('asked');
  expect(await run.ended).toMatchObject({ status: 'cancelled', signal: 'SIGTERM' });
});

test('run.cancel right after the start ends the run', async () => {
  const run = rig.runner.start(rig.request(['sleep', '60']));
  run.cancel('asked');
  run.cancel('asked again');
  expect(await run.ended).toMatchObject({ status: 'cancelled', ended_by: 'cancel' });
  expect(carriersOf(run.key)).toEqual([]);
});

test('run.cancel changes nothing once the tool has ended', async () => {
  const run = rig.runner.start(rig.request(['true']));
  await run.ended;
  run.cancel('too late');
  expect(await run.ended).toMatchObject({ status: 'completed', ended_by: 'exit', exit_code: 0 });
});

test('run.ended tells that the time limit passed', async () => {
  const run = rig.runner.start(rig.request(['sleep', '60'], { timeoutMs: 60 }));
  const end = await run.ended;
  expect(end).toMatchObject({ status: 'timeout', ended_by: 'timeout', exit_code: 143, signal: 'SIGTERM' });
  expect(end.error?.code).toBe('tool_timeout');
  expect(end.duration_ms).toBeGreaterThanOrEqual(60);
});

test.each([
  ['a process in the background', 'sleep 60 & echo done'],
  ['a double fork', '(sleep 60 & sleep 60 &) ; echo done'],
  ['a process that ignores SIGTERM', '(trap "" TERM; sleep 60) & echo done'],
  ['a process of another session', 'setsid sleep 60 & echo done'],
  [
    'a daemon of another session',
    'setsid sh -c "sleep 60 & sleep 60 & wait" </dev/null >/dev/null 2>&1 & echo done',
  ],
])('run.ended leaves nothing of a tool that leaves %s', async (_, script) => {
  const run = rig.runner.start(rig.request(['sh', '-c', script]));
  const { stdout, end } = await outcome(run);
  expect(end).toMatchObject({ status: 'completed', exit_code: 0, survivors: [] });
  expect(stdout).toBe('done\n');
  expect(carriersOf(run.key)).toEqual([]);
});

test('run.ended leaves the processes of another run alone', async () => {
  const other = rig.runner.start(rig.request(['sh', '-c', 'echo ready; exec sleep 60']));
  await firstOutput(other);
  await rig.runner.start(rig.request(['true'])).ended;
  expect(carriersOf(other.key)).toHaveLength(2);
});

test.each([['stdout'], ['stderr']] as const)('run.ended tells that %s outgrew its limit', async (stream) => {
  const to = stream === 'stderr' ? 'exec yes >&2' : 'exec yes';
  const run = rig.runner.start(rig.request(['sh', '-c', to], { outputBytesMax: 100_001 }));
  const end = await run.ended;
  expect(end).toMatchObject({
    status: 'failed',
    ended_by: 'limit',
    error: { code: 'output_limit_exceeded' },
  });
  expect(await run[stream].summary()).toMatchObject({ bytes: 100_001, truncated: true });
  expect((await collect(run[stream])).equals(Buffer.from('y\n'.repeat(50_001)).subarray(0, 100_001))).toBe(
    true,
  );
});

test.each([
  [10, 'completed', 'exit', false],
  [11, 'failed', 'limit', true],
])(
  'run.ended judges %i bytes of output under a limit of 10',
  async (...[bytes, status, endedBy, truncated]) => {
    const argv = ['head', '-c', String(bytes), '/dev/zero'] as const;
    const run = rig.runner.start(rig.request(argv, { outputBytesMax: 10 }));
    expect(await run.ended).toMatchObject({ status, ended_by: endedBy });
    expect(await run.stdout.summary()).toMatchObject({ bytes: 10, truncated });
  },
);

test('runner.close leaves a run alone', async () => {
  const run = rig.runner.start(rig.request(['sh', '-c', 'echo ready; exec sleep 60']));
  await firstOutput(run);
  rig.runner.close();
  run.cancel('no effect');
  expect(carriersOf(run.key)).toHaveLength(2);
});
