import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const BUNDLES = fileURLToPath(new URL('../../bundles', import.meta.url));
const LONG = { timeout: 120_000 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xem-run-tool-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** The folder of temporary files is the test's own, so that what is left there shows. */
const environment = () => ({
  PATH: process.env['PATH'],
  TMPDIR: folder,
  XEM_CONFIG: '/dev/null',
  XEM_TOOLS_DIR: BUNDLES,
});

const runTool = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [MAIN, 'run-tool', ...args], { env: environment(), encoding: 'utf8', input });

const start = (...args: readonly string[]) =>
  spawn(process.execPath, [MAIN, 'run-tool', ...args], { env: environment() });

/** Processes that were started with this test's folder of temporary files. */
const processesOf = (where: string): string[] =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(`TMPDIR=${where}\0`));

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

test('agent.run-tool takes arguments from a file', LONG, () => {
  const file = join(folder, 'args.json');
  writeFileSync(file, '{"from": "a file"}');
  const { status, stdout } = runTool(['demo_echo', '--args', `@${file}`]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: '{"from":"a file"}' });
});

test('agent.run-tool takes arguments from standard input', LONG, () => {
  const { status, stdout } = runTool(['demo_echo', '--args', '-'], '{"from": "standard input"}');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '{"from":"standard input"}' });
});

test('agent.run-tool says what was no JSON', LONG, () => {
  const { status, stderr } = runTool(['demo_echo', '--args', '-'], '{"from"');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^xem-agent: --args: standard input is not JSON: /);
});

test(
  'agent.run-tool prints as it comes, and an interrupt ends the tool and leaves nothing',
  LONG,
  async () => {
    const agent = start('demo_stubborn', '--args', '{"seconds":300}');
    const exit = once(agent, 'exit');
    const [first] = await once(agent.stdout, 'data');
    expect(String(first)).toBe('ignoring SIGTERM\n');
    agent.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    expect(processesOf(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('agent.run-tool ends the tool when nobody reads any more', LONG, async () => {
  const agent = start('demo_flood', '--args', '{"bytes":2000000000}');
  const exit = once(agent, 'exit');
  await once(agent.stdout, 'data');
  agent.stdout.destroy();
  expect(await exit).toEqual([130, null]);
  expect(processesOf(folder)).toEqual([]);
});

test('agent.run-tool has a help of its own', LONG, () => {
  const { status, stdout } = runTool(['--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('@FILE, or - to read it from standard input');
  expect(stdout).toContain('124  the tool took longer');
});
