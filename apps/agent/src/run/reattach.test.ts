import { readdirSync, statSync, writeFileSync } from 'node:fs';
import type { AttemptKey } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { carriersOf, collect, openRunRig, outcome, type RunRig } from '../testing/run-rig.ts';
import { startAndKillAgent } from '../testing/start-doomed-agent.ts';
import { createMask, NO_MASK } from './mask.ts';
import type { Run } from './run.ts';

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

function reattach(key: AttemptKey, runner = rig.anotherRunner()): Run {
  const run = runner.reattach(key, NO_MASK);
  if (!run) throw new Error('there is no such run');
  return run;
}

const go = (key: AttemptKey): void => writeFileSync(rig.path(key, 'work/go'), '');

const WAIT = 'while [ ! -e go ]; do sleep 0.01; done';

test('runner.reattach follows a run whose agent was killed, from the first byte to the status', async () => {
  const { key, pid } = await startAndKillAgent(rig, {
    script: `echo one; ${WAIT}; echo two; echo err >&2; exit 4`,
  });
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
  const { key } = await startAndKillAgent(rig, { script: `echo one; ${WAIT}; echo two; exit 5` });
  go(key);
  await expect.poll(() => carriersOf(key)).toEqual([]);
  const run = reattach(key);
  const { stdout, end } = await outcome(run);
  expect(stdout).toBe('one\ntwo\n');
  expect(end).toMatchObject({ status: 'failed', ended_by: 'exit', exit_code: 5 });
  expect(end.duration_ms).toBeGreaterThan(0);
});

test('runner.reattach cancels a run it did not start', async () => {
  const { key } = await startAndKillAgent(rig, { script: 'echo one; sleep 60' });
  const run = reattach(key);
  run.cancel('asked');
  expect(await run.ended).toMatchObject({ status: 'cancelled', ended_by: 'cancel', exit_code: 143 });
  expect(carriersOf(key)).toEqual([]);
});

test('runner.reattach goes on with a stop that the killed agent had begun', async () => {
  const { key } = await startAndKillAgent(rig, {
    script: 'trap "" TERM; echo one; sleep 60; sleep 60',
    what: 'cancel',
  });
  const run = reattach(key, rig.impatientRunner());
  expect(await run.ended).toMatchObject({ status: 'cancelled', ended_by: 'cancel' });
  expect(carriersOf(key)).toEqual([]);
});

test('runner.reattach ends a run whose time passed meanwhile', async () => {
  const { key } = await startAndKillAgent(rig, { script: 'echo one; sleep 60', timeoutMs: 100 });
  expect(await reattach(key).ended).toMatchObject({ status: 'timeout', ended_by: 'timeout' });
});

test('runner.reattach reports a run lost that was killed from outside', async () => {
  const { key, pid } = await startAndKillAgent(rig, { script: 'echo one; sleep 60' });
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
  const { key, pid } = await startAndKillAgent(rig, { script: 'echo one; sleep 60' });
  const run = reattach(key);
  process.kill(pid, 'SIGKILL');
  expect(await run.ended).toMatchObject({ status: 'lost', ended_by: 'unknown', survivors: [] });
  expect(carriersOf(key)).toEqual([]);
});

test('runner.reattach hides a secret that the restart splits, though the credentials have changed', async () => {
  const script = `printf 'pw=old-hun'; ${WAIT}; printf 'ter22;'`;
  const { key } = await startAndKillAgent(rig, { script, secret: 'old-hunter22' });
  const run = rig.anotherRunner().reattach(key, createMask(['new-hunter23']));
  go(key);
  expect(await collect(run?.stdout ?? reattach(key).stdout, 3)).toEqual(Buffer.from('************;'));
  expect(await run?.stdout.summary()).toMatchObject({ bytes: 16, masked: 12 });
});

test('runner.start keeps no secret of a run that is gone', async () => {
  const { key, pid } = await startAndKillAgent(rig, { script: 'echo one; sleep 60', secret: 'old-hunter22' });
  const masks = (): string[] => readdirSync(`${rig.spoolDir}/masks`);
  const runner = rig.anotherRunner();
  expect(masks()).toHaveLength(1);
  expect(statSync(`${rig.spoolDir}/masks/${masks()[0]}`).mode & 0o777).toBe(0o600);
  process.kill(-pid, 'SIGKILL');
  await runner.reattach(key, NO_MASK)?.ended;
  await runner.remove(key);
  rig.anotherRunner();
  expect(masks()).toEqual([]);
});

test('runner.reattach knows nothing of an attempt that has no folder', () => {
  expect(rig.runner.reattach(rig.newKey(), NO_MASK)).toBeNull();
});
