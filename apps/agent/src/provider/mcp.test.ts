import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '@xem/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVERYTHING_SERVER, FILESYSTEM_SERVER, openMcpRig, type McpRig } from '../testing/mcp-rig.ts';
import { outcome } from '../testing/run-rig.ts';
import { readStat } from '../run/process-table.ts';

let rig: McpRig;
beforeEach(() => {
  rig = openMcpRig();
});
afterEach(() => rig.close());

const LONG = { timeout: 120_000 };
const clock = systemClock();

const call = async (...given: Parameters<McpRig['start']>) => outcome(rig.start(...given));

/** Waits for what another process does. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await clock.sleep(5);
}

const pidsOf = (): number[] =>
  rig.asked().flatMap((line) => (line.startsWith('start ') ? [Number(line.slice('start '.length))] : []));
const isAlive = (pid: number): boolean => readStat(pid)?.alive === true;
const downs = () =>
  rig.lines.filter(({ event }) => event === 'mcp.server_down').map(({ fields }) => String(fields['why']));

test('mcp makes governed tools of the filesystem server, and runs them', LONG, async () => {
  const folder = `${rig.bundles.folder}/shared`;
  mkdirSync(folder);
  writeFileSync(`${folder}/a.txt`, 'hello');
  const bundles = await rig.serve(
    `run: ["{node}", "${FILESYSTEM_SERVER}", "${folder}"]`,
    'prefix: fs_',
    'risks: { move_file: irreversible }',
  );
  const risks = Object.fromEntries(bundles.tools.map(({ name, risk }) => [name, risk]));
  expect(risks).toMatchObject({
    fs_read_text_file: 'read',
    fs_list_directory: 'read',
    fs_create_directory: 'write',
    fs_write_file: 'destructive',
    fs_edit_file: 'destructive',
    fs_move_file: 'irreversible',
  });
  const read = await call(bundles, 'fs_read_text_file', { path: `${folder}/a.txt` });
  expect(read).toMatchObject({
    stdout: '{"content":"hello"}',
    stderr: '',
    end: { status: 'completed', exit_code: 0 },
  });
  await call(bundles, 'fs_write_file', { path: `${folder}/b.txt`, content: 'written' });
  expect(readFileSync(`${folder}/b.txt`, 'utf8')).toBe('written');
  const outside = await call(bundles, 'fs_read_text_file', { path: '/etc/hostname' });
  expect(outside.end).toMatchObject({ status: 'failed', exit_code: 1, error: { code: 'tool_exit_nonzero' } });
  expect(outside.stdout).toContain('Access denied');
  expect(bundles.find('fs_read_text_file')).toMatchObject({ bundle: 'files', provider: 'mcp' });
});

test(
  'mcp makes governed tools of the everything server, and leaves out what it cannot run',
  LONG,
  async () => {
    const bundles = await rig.serve(`run: ["{node}", "${EVERYTHING_SERVER}", stdio]`);
    expect((await call(bundles, 'files.echo', { message: 'ü' })).stdout).toBe('Echo: ü');
    expect((await call(bundles, 'files.get-sum', { a: 1, b: 2 })).stdout).toContain('3');
    const weather = await call(bundles, 'files.get-structured-content', { location: 'Chicago' });
    expect(JSON.parse(weather.stdout)).toMatchObject({ temperature: expect.any(Number) });
    const image = await call(bundles, 'files.get-tiny-image');
    expect(JSON.parse(image.stdout)).toMatchObject({
      content: expect.arrayContaining([expect.objectContaining({ type: 'image' })]),
    });
    expect(() => rig.start(bundles, 'files.echo', { message: 5 })).toThrow(/message must be string/);
    expect(rig.lines).toContainEqual({
      level: 'warn',
      event: 'mcp.tool_left_out',
      fields: { bundle: 'files', tool: 'simulate-research-query', why: 'it runs as a task only' },
    });
  },
);

test.each([
  ['say', { text: 'a\0ü\n' }, 'a\0ü\n', 0],
  ['pair', {}, 'one\ntwo', 0],
  ['fail', {}, 'no such thing', 1],
  ['picture', {}, '{"content":[{"data":"AAEC","mimeType":"image/png","type":"image"}]}', 0],
])('mcp answers with the content of a result: %s', async (...[tool, args, stdout, exitCode]) => {
  rig.list(tool);
  const bundles = await rig.serve(rig.scripted);
  expect(await call(bundles, `files.${tool}`, args)).toMatchObject({
    stdout,
    stderr: '',
    end: { exit_code: exitCode },
  });
});

test('mcp tells what a server says that refuses a call', async () => {
  rig.list('nothing');
  const { stdout, stderr, end } = await call(await rig.serve(rig.scripted), 'files.nothing');
  expect(stdout).toBe('');
  expect(stderr).toContain('no nothing');
  expect(end).toMatchObject({ status: 'failed', exit_code: 1 });
});

test('mcp cuts a result at the limit of the tool', async () => {
  rig.list('flood');
  const { stdout, end } = await call(await rig.serve(rig.scripted, 'max_bytes: 1000'), 'files.flood', {
    bytes: 5000,
  });
  expect(stdout).toBe('x'.repeat(1000));
  expect(end.error?.code).toBe('output_limit_exceeded');
});

test('mcp gives a server the usual variables, those of its bundle and its credentials, masked on the way out', async () => {
  rig.list('token', 'env');
  rig.bundles.writeCredentials('vault', 'TOKEN=secret-of-vault\n');
  const bundles = await rig.serve(rig.scripted, 'credentials_ref: vault', 'env: [XEM_EFFECT_LOG]');
  expect((await call(bundles, 'files.token')).stdout).toBe('*'.repeat('secret-of-vault'.length));
  const names = (await call(bundles, 'files.env')).stdout.split(' ');
  expect(names).toEqual(expect.arrayContaining(['PATH', 'TOKEN', 'XEM_EFFECT_LOG']));
  expect(names).not.toContain('SECRET_OF_AGENT');
});

test('mcp takes the tools anew when the server says that they changed', async () => {
  rig.list('announce', 'say');
  const bundles = await rig.serve(rig.scripted);
  rig.list('announce', 'pair', { name: 'broken', inputSchema: { type: 'object', colour: 'red' } });
  const changed = rig.changed();
  await call(bundles, 'files.announce');
  await changed;
  expect(bundles.tools.map(({ name }) => name)).toEqual(['files.announce', 'files.pair']);
  expect(bundles.find('files.say')).toBeUndefined();
  expect(rig.lines).toContainEqual(
    expect.objectContaining({
      event: 'mcp.tool_left_out',
      fields: expect.objectContaining({ tool: 'broken' }),
    }),
  );
});

test('mcp lets the agent start without a server that is down, tells why, and has its tools once it is up', async () => {
  rig.list('say');
  rig.flag('refuse', true);
  rig.bundles.writeCredentials('vault', 'TOKEN=secret-of-vault\n');
  const bundles = await rig.serve(rig.scripted, 'credentials_ref: vault');
  expect(bundles.tools).toEqual([]);
  expect(downs()[0]).toContain('status 3');
  expect(downs().join()).not.toContain('secret-of-vault');
  const changed = rig.changed();
  rig.flag('refuse', false);
  await changed;
  expect(bundles.tools.map(({ name }) => name)).toEqual(['files.say']);
});

test('mcp starts a server that died again for the next call, and says of the one that it took along what is known', async () => {
  rig.list('die', 'say', { name: 'wait', annotations: { readOnlyHint: true } });
  const bundles = await rig.serve(rig.scripted);
  const waiting = rig.start(bundles, 'files.wait');
  await until(() => rig.asked().includes('call wait'));
  expect((await call(bundles, 'files.die')).end).toMatchObject({
    status: 'lost',
    error: { code: 'tool_killed' },
  });
  expect(await waiting.ended).toMatchObject({ status: 'failed', error: { code: 'tool_exit_nonzero' } });
  expect(bundles.tools.map(({ name }) => name)).toContain('files.say');
  expect((await call(bundles, 'files.say', { text: 'again' })).stdout).toBe('again');
  expect(pidsOf()).toHaveLength(2);
});

test('mcp does not run a call whose server cannot be started', async () => {
  rig.list('die', 'say');
  const bundles = await rig.serve(rig.scripted);
  rig.flag('refuse', true);
  await call(bundles, 'files.die');
  const { end } = await call(bundles, 'files.say', { text: 'x' });
  expect(end).toMatchObject({ status: 'failed', error: { code: 'tool_spawn_failed' } });
  expect(end.error?.message).toContain('its server is not there');
  expect(rig.asked()).not.toContain('call say');
});

test.each([
  ['destructive', {}, 'cancel_unconfirmed'],
  ['read', { readOnlyHint: true }, null],
])('mcp tells the server that a %s call is cancelled', async (_, annotations, code) => {
  rig.list({ name: 'wait', annotations });
  const run = rig.start(await rig.serve(rig.scripted), 'files.wait');
  await until(() => rig.asked().includes('call wait'));
  run.cancel('asked');
  const { status, error } = await run.ended;
  expect([status, error?.code ?? null]).toEqual(['cancelled', code]);
  await until(() => rig.asked().includes('cancelled'));
});

test('mcp stops waiting when the time of the tool is over', async () => {
  rig.list('wait');
  const { end } = await call(await rig.serve(rig.scripted, 'timeout_ms: 100'), 'files.wait');
  expect(end).toMatchObject({ status: 'timeout', error: { code: 'tool_timeout' } });
  expect(end.error?.message).toContain('unknown');
});

test('mcp keeps a server that bundles still want when they are read again, and ends one that they do not', async () => {
  rig.list('say');
  await rig.serve(rig.scripted);
  const [pid = 0] = pidsOf();
  expect(rig.load().tools.map(({ name }) => name)).toEqual(['files.say']);
  expect(pidsOf()).toEqual([pid]);
  rig.bundles.write(
    'files',
    'tools:\n  - { name: t, description: d, risk: read, parameters: { type: object }, command: { run: [a] } }\n',
  );
  rig.load();
  await until(() => !isAlive(pid));
});

test('mcp kills a server that ignores SIGTERM, with all of its group', LONG, async () => {
  rig.list('say');
  rig.flag('stubborn', true);
  await rig.serve(rig.scripted);
  const [pid = 0] = pidsOf();
  await rig.close();
  await until(() => !isAlive(pid));
});

test('mcp refuses a server without its credentials, where the bundle says so', () => {
  rig.bundles.write('files', 'mcp_server:\n  run: [a]\n  credentials_ref: none\n');
  expect(() => rig.load()).toThrow(
    /bundle.yaml:3: mcp_server.credentials_ref: this host has no credentials "none"/,
  );
});

test('mcp leaves out tools of a server that come to one name, whatever the order they are listed in', async () => {
  rig.list('say', { name: 'a b', annotations: { readOnlyHint: true } }, 'a_b');
  const bundles = await rig.serve(rig.scripted);
  expect(bundles.tools.map(({ name }) => name)).toEqual(['files.say']);
  expect(rig.lines).toContainEqual(
    expect.objectContaining({
      event: 'mcp.tool_left_out',
      fields: expect.objectContaining({ tool: 'files.a_b' }),
    }),
  );
});
