import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { AttemptKey, ResultBody } from '@xem/protocol';
import { silentLog } from '@xem/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resultOf, vouchFor } from '../dispatch/result.ts';
import { carriersOf, openRunRig, type RunRig } from '../testing/run-rig.ts';
import { startAndKillAgent } from '../testing/start-doomed-agent.ts';
import { NO_MASK } from './mask.ts';

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

/** What became of the run while no agent was there. */
type Meanwhile = 'runs on' | 'ended 0' | 'ended 5' | 'was killed';
type Damage = (key: AttemptKey) => void;

const editMeta =
  (change: Record<string, unknown>): Damage =>
  (key) => {
    const path = rig.path(key, 'meta.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  };
const write =
  (name: string, text: string): Damage =>
  (key) =>
    writeFileSync(rig.path(key, name), text);
const remove =
  (name: string): Damage =>
  (key) =>
    rmSync(rig.path(key, name), { recursive: true });
const none: Damage = () => undefined;
const reboot = editMeta({ boot_id: 'another' });

const LOST = { status: 'lost', ended_by: 'unknown', exit_code: null, error: { code: 'tool_killed' } };
const FAILED = { status: 'failed', ended_by: 'exit', exit_code: 5, error: { code: 'tool_exit_nonzero' } };
const COMPLETED = { status: 'completed', ended_by: 'exit', exit_code: 0, error: null };
const BOTH = { bytes: 8 };

type Row = readonly [was: Meanwhile, what: string, damage: Damage, expected: object];

const rows: readonly Row[] = [
  ['ended 0', 'nothing else happened', none, { ...COMPLETED, stdout: BOTH }],
  ['ended 5', 'nothing else happened', none, { ...FAILED, stdout: BOTH }],
  ['was killed', 'nothing else happened', none, { ...LOST, stdout: { bytes: 4 } }],
  ['ended 5', 'the host was started again', reboot, { ...FAILED, stdout: BOTH }],
  ['was killed', 'the host was started again', reboot, LOST],
  ['was killed', 'its pid is somebody else', editMeta({ pid: process.pid }), LOST],
  ['runs on', 'its pid is somebody else by the start time', editMeta({ start_ticks: 1 }), LOST],
  ['runs on', 'its pid is somebody else by the boot', reboot, LOST],
  ['runs on', 'meta.json is gone', remove('meta.json'), LOST],
  ['runs on', 'meta.json is empty', write('meta.json', ''), LOST],
  ['runs on', 'meta.json is torn', write('meta.json', '{"execution_id":"01'), LOST],
  ['runs on', 'meta.json is garbage', write('meta.json', '\0\u0001{}'), LOST],
  ['runs on', 'meta.json names no process', editMeta({ pid: 0 }), LOST],
  ['ended 5', 'meta.json is gone', remove('meta.json'), { ...FAILED, stdout: BOTH }],
  ['ended 5', 'meta.json is torn', write('meta.json', '{"pid":'), { ...FAILED, stdout: BOTH }],
  ['ended 0', 'the status is gone', remove('exit'), { ...LOST, stdout: BOTH }],
  ['ended 0', 'the status is empty', write('exit', ''), LOST],
  ['ended 0', 'the status has no newline', write('exit', '0'), LOST],
  ['ended 0', 'the status is garbage', write('exit', 'zero\n'), LOST],
  ['ended 0', 'the status is no status', write('exit', '256\n'), LOST],
  [
    'ended 0',
    'its output is gone',
    remove('out'),
    { status: 'lost', exit_code: 0, error: { code: 'agent_lost' } },
  ],
  ['ended 5', 'its output is gone', remove('err'), FAILED],
  ['was killed', 'its output is gone', remove('out'), LOST],
];

const WAIT = 'while [ ! -e go ]; do sleep 0.01; done';

async function meanwhile(was: Meanwhile): Promise<AttemptKey> {
  const status = was === 'ended 0' ? 0 : 5;
  const { key, pid } = await startAndKillAgent(rig, {
    script: `echo one; ${WAIT}; echo two; exit ${status}`,
  });
  if (was === 'was killed') process.kill(-pid, 'SIGKILL');
  else if (was !== 'runs on') writeFileSync(rig.path(key, 'work/go'), '');
  if (was !== 'runs on') await expect.poll(() => carriersOf(key)).toEqual([]);
  return key;
}

async function reattached(key: AttemptKey): Promise<ResultBody> {
  const run = rig.anotherRunner().reattach(key, NO_MASK);
  if (!run) throw new Error('there is no such run');
  return resultOf(run, silentLog);
}

test.each(rows)('runner.reattach to what %s, when %s, ends it as it can vouch for', async (...row) => {
  const [was, , damage, expected] = row;
  const key = await meanwhile(was);
  damage(key);
  expect(await reattached(key)).toMatchObject(expected);
  expect(carriersOf(key)).toEqual([]);
});

test.each([[''], ['1'], ['abc\n']])(
  'runner.reattach takes %j for no status while the tool runs',
  async (text) => {
    const key = await meanwhile('runs on');
    writeFileSync(rig.path(key, 'exit'), text);
    const result = reattached(key);
    writeFileSync(rig.path(key, 'work/go'), '');
    expect(await result).toMatchObject(FAILED);
  },
);

test('result.vouchFor takes a call for lost of whose output the router has more than the host', async () => {
  const key = await meanwhile('ended 0');
  truncateSync(rig.path(key, 'out'), 3);
  const result = await reattached(key);
  expect(vouchFor(result, { stdout: 3, stderr: 0 })).toEqual(result);
  const error = { code: 'agent_lost', message: expect.stringContaining('status 0') };
  expect(vouchFor(result, { stdout: 4, stderr: 0 })).toMatchObject({ status: 'lost', exit_code: 0, error });
});

test('run.ended is kept though the spool is removed under the running tool', async () => {
  const run = rig.runner.start(
    rig.request(['sh', '-c', `echo one; ${WAIT.replace('go', '"$GO"')}; exit 5`], {
      env: { PATH: process.env['PATH'] ?? '', GO: `${rig.spoolDir}/go` },
    }),
  );
  for await (const { bytes } of run.stdout.read()) {
    expect(bytes.toString()).toBe('one\n');
    break;
  }
  rmSync(rig.path(run.key, ''), { recursive: true });
  writeFileSync(`${rig.spoolDir}/go`, '');
  expect(await resultOf(run, silentLog)).toMatchObject(FAILED);
});
