import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AttemptKey } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { carriersOf, collect, openRunRig, outcome, type RunRig } from '../testing/run-rig.ts';
import { NO_MASK } from './mask.ts';
import type { Run } from './run.ts';

const DOOMED_AGENT = fileURLToPath(new URL('../testing/doomed-agent.ts', import.meta.url));

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

interface Doomed {
  readonly key: AttemptKey;
  readonly pid: number;
  readonly agent: ChildProcess;
}

/** Starts a run under an agent of its own and kills that agent after the first output. */
async function startAndKillAgent(script: string, what = 'run', timeoutMs = 20_000): Promise<Doomed> {
  const key = rig.newKey();
  const args = [rig.spoolDir, key.execution_id, String(timeoutMs), what, 'sh', '-c', script];
  const agent = spawn(process.execPath, [DOOMED_AGENT, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) =>
    agent.stdout?.once('data', (data) => resolve(String(data))),
  );
  const gone = new Promise((resolve) => agent.once('exit', resolve));
  agent.kill('SIGKILL');
  await gone;
  return { key, pid: Number.parseInt(said, 10), agent };
}

function reattach(key: AttemptKey, runner = rig.anotherRunner()): Run {
  const run = runner.reattach(key, NO_MASK);
  if (!run) throw new Error('there is no such run');
  return run;
}

const go = (key: AttemptKey): void => writeFileSync(rig.path(key, 'work/go'), '');

const WAIT = 'while [ ! -e go ]; do sleep 0.01; done';

test('runner.reattach follows a run whose agent was killed, from the first byte to the status', async () => {
  const { key, pid } = await startAndKillAgent(`echo one; ${WAIT}; echo two; echo err >&2; exit 4`);
  const run = reattach(key);
  expect(run.pid).toBe(pid);
  go(key);
  const { stdout, stderr, end } = await outcome(run);
  expect({ stdout, stderr }).toEqual({ stdout: 'one\ntwo\n', stderr: 'err\n' });
  expect(end).toMatchObject({ status: 'failed', ended_by: 'exit', exit_code: 4, survivors: [] });
  expect(await run.stdout.summary()).toMatchObject({ bytes: 8, truncated: false });
  expect((await collect(run.stdout, 4)).toString()).toBe('two\n');
});

test('runner.reattach finds the status of a run that ended meanwhile', async () => {
  const { key } = await startAndKillAgent(`echo one; ${WAIT}; echo two; exit 5`);
  go(key);
  await expect.poll(() => carriersOf(key)).toEqual([]);
  const run = reattach(key);
  const { stdout, end } = await outcome(run);
  expect(stdout).toBe('one\ntwo\n');
  expect(end).toMatchObject({ status: 'failed', ended_by: 'exit', exit_code: 5 });
  expect(end.duration_ms).toBeGreaterThan(0);
});

test('runner.reattach cancels a run it did not start', async () => {
  const { key } = await startAndKillAgent('echo one; sleep 60');
  const run = reattach(key);
  run.cancel('asked');
  expect(await run.ended).toMatchObject({ status: 'cancelled', ended_by: 'cancel', exit_code: 143 });
  expect(carriersOf(key)).toEqual([]);
});

test('runner.reattach goes on with a stop that the killed agent had begun', async () => {
  const { key } = await startAndKillAgent('trap "" TERM; echo one; sleep 60; sleep 60', 'cancel');
  const run = reattach(key, rig.impatientRunner());
  expect(await run.ended).toMatchObject({ status: 'cancelled', ended_by: 'cancel' });
  expect(carriersOf(key)).toEqual([]);
});

test('runner.reattach ends a run whose time passed meanwhile', async () => {
  const { key } = await startAndKillAgent('echo one; sleep 60', 'run', 100);
  expect(await reattach(key).ended).toMatchObject({ status: 'timeout', ended_by: 'timeout' });
});

test('runner.reattach reports a run lost that was killed from outside', async () => {
  const { key, pid } = await startAndKillAgent('echo one; sleep 60');
  process.kill(-pid, 'SIGKILL');
  const run = reattach(key);
  expect(await run.ended).toMatchObject({
    status: 'lost',
    ended_by: 'unknown',
    exit_code: null,
    error: { code: 'tool_killed' },
  });
  expect((await collect(run.stdout)).toString()).toBe('one\n');
});

test('runner.reattach notices when only the leader is killed, and ends the rest', async () => {
  const { key, pid } = await startAndKillAgent('echo one; sleep 60');
  const run = reattach(key);
  process.kill(pid, 'SIGKILL');
  expect(await run.ended).toMatchObject({ status: 'lost', ended_by: 'unknown', survivors: [] });
  expect(carriersOf(key)).toEqual([]);
});

const editMeta = (key: AttemptKey, change: Record<string, unknown>): void => {
  const path = rig.path(key, 'meta.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
};

test.each([
  ['another boot', { boot_id: 'another' }],
  ['a process that started at another time', { start_ticks: 1 }],
  ['a pid that is somebody else', { pid: process.pid }],
])('runner.reattach takes a run of %s for lost', async (_, change) => {
  const { key } = await startAndKillAgent('echo one; sleep 60');
  editMeta(key, change);
  expect(await reattach(key).ended).toMatchObject({ status: 'lost', exit_code: null });
  expect(carriersOf(key)).toEqual([]);
});

test('runner.reattach ends what was started without being reported', async () => {
  const { key } = await startAndKillAgent('echo one; sleep 60');
  rmSync(rig.path(key, 'meta.json'));
  expect(await reattach(key).ended).toMatchObject({ status: 'lost', ended_by: 'unknown' });
  expect(carriersOf(key)).toEqual([]);
});

test.each([[''], ['1'], ['abc\n']])('runner.reattach takes %j for no status yet', async (text) => {
  const { key } = await startAndKillAgent(`echo one; ${WAIT}; exit 6`);
  writeFileSync(rig.path(key, 'exit'), text);
  const run = reattach(key);
  go(key);
  expect(await run.ended).toMatchObject({ exit_code: 6 });
});

test('runner.reattach knows nothing of an attempt that has no folder', () => {
  expect(rig.runner.reattach(rig.newKey(), NO_MASK)).toBeNull();
});
