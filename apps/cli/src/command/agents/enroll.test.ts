import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { json, startServer, WORKSPACE_ID } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { xeroctl } from '../../testing/terminal.ts';
import { findAgentProgram } from './agent-program.ts';

const segment = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
const keyFor = (claims: object): string => `xjk_${segment({ alg: 'EdDSA' })}.${segment(claims)}.c2ln`;
const ANY_NAME = keyFor({});
const FOR_JUMP = keyFor({ name: 'jump-1' });

/** A program in the agent's place. */
async function fakeAgent(script: string) {
  const folder = await temporaryFolder();
  const program = join(folder, 'agent');
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o755);
  return { program, folder, config: join(folder, 'etc', 'xem.yaml') };
}

const READY = `
  const { readFileSync } = require('node:fs');
  const path = process.argv[3];
  process.stdout.write(JSON.stringify({ argv: process.argv.slice(2, 3), file: readFileSync(path, 'utf8'), env: Object.keys(process.env) }));
  process.send({ type: 'ready', agent_id: 'agt_1' }, () => process.disconnect());`;

const REFUSED = `
  process.stderr.write('xem-agent: join_key_expired: the join key has expired\\nMint a new one: \`xeroctl agents join-keys create\`.\\n');
  process.exitCode = 78;`;

test('agents enroll writes the file for its owner only, runs the agent, and takes the spent key out', async () => {
  const { program, config, folder } = await fakeAgent(READY);
  const words = ['agents', 'enroll', '--name', 'jump-2', '--config', config, '--state-dir', folder];
  const env = { XEM_JOIN_KEY: ANY_NAME, XEROTIER_API_KEY: 'xero_secret', PATH: process.env['PATH'] ?? '' };
  const { stdout, stderr, exit } = await xeroctl([...words, '--program', program], { env });
  expect(exit).toBe(0);
  const said: unknown = JSON.parse(stdout);
  expect(said).toMatchObject({
    argv: ['--config'],
    file: `join_key: "${ANY_NAME}"\nregistration_name: "jump-2"\nstate_dir: "${folder}"\n`,
    env: expect.not.arrayContaining(['XEROTIER_API_KEY', 'XEM_JOIN_KEY']),
  });
  expect(stderr).toContain('agt_1 is enrolled as jump-2');
  expect(readFileSync(config, 'utf8')).toBe(`registration_name: "jump-2"\nstate_dir: "${folder}"\n`);
  expect(statSync(config).mode & 0o777).toBe(0o600);
});

test('agents enroll prints the code of a refusal with what to do, ends with 78 and leaves no file behind', async () => {
  const { program, config } = await fakeAgent(REFUSED);
  const words = [
    'agents',
    'enroll',
    '--join-key',
    FOR_JUMP,
    '--config',
    config,
    '--start',
    '--program',
    program,
  ];
  const { stderr, exit } = await xeroctl(words);
  expect(exit).toBe(78);
  expect(stderr).toContain('join_key_expired: the join key has expired\nMint a new one');
  expect(existsSync(config)).toBe(false);
});

test('agents enroll prints a unit, takes the name from the key, and starts nothing', async () => {
  const { program, config, folder } = await fakeAgent('process.exit(1);');
  const file = join(folder, 'key');
  writeFileSync(file, `${FOR_JUMP}\n`);
  const words = [
    'agents',
    'enroll',
    '--join-key',
    `@${file}`,
    '--config',
    config,
    '--systemd',
    '--program',
    program,
  ];
  const { stdout, stderr, exit } = await xeroctl(words);
  expect(exit).toBe(0);
  expect(stdout).toContain(`ExecStart=${program} --config ${config}\n`);
  expect(stdout).toContain('Description=XEM agent jump-1');
  expect(stdout).toContain('RestartPreventExitStatus=78');
  expect(stdout).toContain('KillMode=process');
  expect(stdout).not.toContain('xjk_');
  expect(stderr).toContain('systemctl enable');
  expect(readFileSync(config, 'utf8')).toContain(`join_key: "${FOR_JUMP}"`);
});

test('agents enroll without a join key mints one for this host, as its flags say', async () => {
  const { program, config } = await fakeAgent(READY);
  const asked: unknown[] = [];
  await using server = await startServer({
    'POST /v1/management/join-keys': (request, response) => {
      asked.push(JSON.parse(request.body));
      json(response, { object: 'join_key', value: FOR_JUMP });
    },
  });
  const words = ['agents', 'enroll', '--name', 'jump-1', '--workspace', WORKSPACE_ID, '--replace'];
  const { exit } = await xeroctl([...words, '--config', config, '--program', program], server);
  expect(exit).toBe(0);
  expect(asked).toEqual([
    { name: 'jump-1', workspaces: [WORKSPACE_ID], replace: true, expires_in_seconds: 3600 },
  ]);
});

test('agents enroll --dry-run shows the file without the key, and writes nothing', async () => {
  const { config } = await fakeAgent(READY);
  const { stdout } = await xeroctl(['agents', 'enroll', '--join-key', '-', '--config', config, '--dry-run'], {
    stdin: `${FOR_JUMP}\n`,
  });
  expect(stdout).toBe('join_key: "xjk_…"\nregistration_name: "jump-1"\n');
  expect(existsSync(config)).toBe(false);
});

test.each([
  ['a key that is none', ['--join-key', 'nonsense'], 'begins with xjk_'],
  ['a key that cannot be read', ['--join-key', 'xjk_x'], 'this is no join key'],
  ['a file that is not there', ['--join-key', '@/nonexistent'], 'cannot be read'],
  ['no name for a key of any name', ['--join-key', ANY_NAME], 'give one by --name'],
  ['neither a key nor a name', [], 'give a join key'],
  ['what a given key says itself', ['--join-key', FOR_JUMP, '--replace'], 'says them itself'],
  ['both ways to go on', ['--join-key', FOR_JUMP, '--start', '--systemd'], 'exclude each other'],
  ['a program that is none', ['--join-key', FOR_JUMP, '--program', '/nonexistent'], 'cannot be started'],
])('agents enroll refuses %s as wrong usage', async (_, words, says) => {
  const { config } = await fakeAgent('');
  const { stderr, exit } = await xeroctl(['agents', 'enroll', ...words, '--config', config]);
  expect(exit).toBe(2);
  expect(stderr).toContain(says);
});

test('agents enroll leaves a file that is there alone, unless it is told to replace it', async () => {
  const { program, config, folder } = await fakeAgent(READY);
  const here = join(folder, 'xem.yaml');
  writeFileSync(here, 'log_level: debug\n');
  const words = ['agents', 'enroll', '--join-key', FOR_JUMP, '--config', here, '--program', program];
  const refused = await xeroctl(words);
  expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining('--force') });
  expect(readFileSync(here, 'utf8')).toBe('log_level: debug\n');
  expect((await xeroctl([...words, '--force'])).exit).toBe(0);
  expect(existsSync(config)).toBe(false);
});

test('agents enroll writes through no link that somebody put where its draft goes', async () => {
  const { program, folder } = await fakeAgent(READY);
  const victim = join(folder, 'victim');
  const here = join(folder, 'xem.yaml');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, `${here}.new`);
  const words = ['agents', 'enroll', '--join-key', FOR_JUMP, '--config', here, '--program', program];
  expect((await xeroctl(words)).exit).toBe(0);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(lstatSync(here).isFile()).toBe(true);
});

test('agents enroll finds the agent of its own checkout', () => {
  expect(statSync(findAgentProgram()).mode & 0o111).not.toBe(0);
  expect(findAgentProgram('/')).toBe('xem-agent');
});
