import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Manifest } from '@xem/protocol';
import { expect, onTestFinished, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const BUNDLES = fileURLToPath(new URL('../../bundles', import.meta.url));
const LONG = { timeout: 120_000 };

function agent(...args: readonly string[]) {
  const env = { PATH: process.env['PATH'], XEM_CONFIG: '/dev/null', XEM_TOOLS_DIR: BUNDLES };
  return spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
}

test('agent.validate prints the manifest it would publish, and tells by which providers', LONG, () => {
  const { status, stdout, stderr } = agent('validate');
  expect(status).toBe(0);
  expect(stderr).toMatch(/^xem-agent: \d+ tools, by builtin, command$/m);
  expect(Manifest.parse(JSON.parse(stdout)).tools.map(({ name }) => name)).toContain('demo_echo');
});

test('agent.validate names file, line and field of what is wrong in a bundle', LONG, () => {
  const folder = mkdtempSync(join(tmpdir(), 'xem-bundles-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'broken'));
  const tool = [
    'tools:',
    '  - name: t',
    '    description: d',
    '    risk: harmless',
    '    parameters: {type: object}',
  ];
  writeFileSync(
    join(folder, 'broken', 'bundle.yaml'),
    [...tool, '    command: { run: [cat] }', ''].join('\n'),
  );
  const { status, stderr } = agent('validate', '--tools-dir', folder);
  expect(status).toBe(78);
  expect(stderr).toContain('bundle.yaml:4: tools[0].risk');
});

test('agent.validate names what is wrong in the policy, and run-tool obeys it', LONG, () => {
  const folder = mkdtempSync(join(tmpdir(), 'xem-policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'policy.yaml');
  const write = (effect: string): void =>
    writeFileSync(file, `rules:\n  - name: no-echo\n    effect: ${effect}\n    args: { a: '^x' }\n`, {
      mode: 0o600,
    });
  write('forbid');
  const broken = agent('validate', '--policy-path', file);
  expect(broken.status).toBe(78);
  expect(broken.stderr).toContain('policy.yaml:3: rules[0].effect');
  write('deny');
  expect(agent('validate', '--policy-path', file).status).toBe(0);
  const refused = agent('run-tool', 'demo_echo', '--args', '{"a":"xy"}', '--policy-path', file);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('rule no-echo');
});

test('agent.run-tool runs a tool without a router', LONG, () => {
  const { status, stdout, stderr } = agent('run-tool', 'demo_echo', '--args', '{"b":1,"a":2}');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{"a":2,"b":1}', stderr: 'completed\n' });
});

test('agent.run-tool ends with the status of the tool', LONG, () => {
  const { status, stderr } = agent('run-tool', 'demo_fail', '--args', '{"exit_code":9}');
  expect(status).toBe(9);
  expect(stderr).toContain('failed: the tool ended with status 9');
});

test.each([
  ['another command', ['dance'], 'There is no command'],
  ['a flag that is none', ['--color'], 'color'],
  ['no tool', ['run-tool'], 'run-tool needs a tool: '],
  ['a tool that is not here', ['run-tool', 'nope'], 'there is no tool "nope" here: '],
  ['arguments that are no JSON', ['run-tool', 'demo_echo', '--args', '{'], '--args: the word is not JSON'],
  ['arguments of no file', ['run-tool', 'demo_echo', '--args', '@/nope'], '--args: /nope cannot be read'],
  ['arguments that are no object', ['run-tool', 'demo_echo', '--args', '[]'], '--args must be a JSON object'],
  ['arguments that break the schema', ['run-tool', 'demo_sleep', '--args', '{}'], 'arguments refused'],
])('agent.start refuses %s as wrong usage', LONG, (_what, args, words) => {
  const { status, stderr } = agent(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(words);
});

test('agent.help names every setting', LONG, () => {
  const { status, stdout } = agent('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('--on-shutdown');
});
