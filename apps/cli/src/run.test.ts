import { json, pageSample, executionSample, refuse, startServer } from '@xem/client/testing';
import { ERROR_CATALOG, ERROR_CODES, statusOf } from '@xem/errors';
import { OPERATIONS } from '@xem/protocol';
import { expect, test } from 'vitest';
import { VERBS } from './index.ts';
import { remedyOf } from './remedy.ts';
import { xeroctl } from './testing/terminal.ts';

const LIST = 'GET /v1/exec/executions';
const UUID = '0193bbbb-0b3c-7f5a-8e1d-9c4b3a2f1e08';
const HOSTILE = 'a\u001b[31mred\u202egnp.exe\n\u0007';

const listing = (over = {}) =>
  startServer({ [LIST]: (_, response) => json(response, pageSample([executionSample(over)])) });

test('xeroctl has a verb for every operation', () => {
  const spoken = new Set(VERBS.map(([operation]) => operation));
  expect(OPERATIONS.map(({ id }) => id).filter((id) => ![...spoken].some((one) => one === id))).toEqual([]);
});

test.each(ERROR_CODES.filter((code) => statusOf(code) !== null && ERROR_CATALOG[code].retry === 'never'))(
  'xeroctl ends with the exit code of %s',
  async (code) => {
    await using server = await startServer({
      [LIST]: (_, response) =>
        refuse(response, { code, message: 'because' }, { status: statusOf(code) ?? 0 }),
    });
    const { exit, stdout, stderr } = await xeroctl(['exec', 'list'], server);
    expect(exit).toBe(ERROR_CATALOG[code].exit);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `xeroctl: ${code}: because (HTTP ${statusOf(code)}, request req-1)\n  ${remedyOf(code) ?? ERROR_CATALOG[code].fix}\n`,
    );
  },
);

test.each([
  ['unavailable', 503, 75],
  ['rate_limit_exceeded', 429, 75],
  ['workspace_lookup_failed', 500, 75],
  ['insufficient_quota', 402, 1],
  ['of_tomorrow', 418, 1],
])('xeroctl ends with the exit code of %s when patience does not help', async (code, status, exit) => {
  await using server = await startServer({ [LIST]: (_, response) => refuse(response, { code }, { status }) });
  expect((await xeroctl(['exec', 'list'], server)).exit).toBe(exit);
});

test('xeroctl ends with 75 when nobody is there', async () => {
  const gone = await startServer({});
  await gone[Symbol.asyncDispose]();
  const { exit, stderr } = await xeroctl(['exec', 'list'], gone);
  expect(exit).toBe(75);
  expect(stderr).toContain(`the router at ${gone.baseUrl} cannot be reached`);
});

test('xeroctl ends with 6 when an answer takes longer than --timeout', async () => {
  await using server = await startServer({ [LIST]: () => undefined });
  expect((await xeroctl(['exec', 'list', '--timeout', '50ms'], server)).exit).toBe(6);
});

test.each([
  ['an unknown command', ['exec', 'lst'], 'there is no command lst; did you mean'],
  ['an unknown flag', ['exec', 'list', '--statsu', 'failed'], 'statsu'],
  ['a word that is no state', ['exec', 'list', '--status', 'done'], 'done'],
  ['an id of another form', ['exec', 'show', '123'], 'must be a lower-case UUID'],
  ['a workspace of another form', ['exec', 'tools', '--workspace', UUID], 'must be ws_'],
  ['an argument too many', ['exec', 'show', UUID, UUID], 'Too many arguments'],
  ['no argument', ['exec', 'show'], 'EXECUTION-ID'],
  ['a number that is none', ['exec', 'list', '--limit', 'all'], 'must be a whole number'],
  ['a time that is none', ['exec', 'list', '--timeout', 'soon'], 'must be a time like'],
  ['an instant that is none', ['exec', 'list', '--since', 'yesterday'], 'must be a time like 2h'],
  ['a format that is none', ['exec', 'list', '-o', 'xml'], 'xml'],
])('xeroctl refuses %s with 2, and sends nothing', async (_, words, says) => {
  await using server = await startServer({});
  const { exit, stdout, stderr } = await xeroctl(words, server);
  expect(stderr).toContain(says);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(server.received).toHaveLength(0);
});

test.each([
  ['nothing', []],
  ['--help', ['--help']],
  ['a noun', ['exec']],
  ['a noun and --help', ['agents', '--help']],
  ['a command and --help', ['exec', 'invoke', '--help']],
])('xeroctl explains itself when asked for %s', async (_, words) => {
  const { exit, stdout } = await xeroctl(words);
  expect(exit).toBe(0);
  expect(stdout).toContain('USAGE\n  xeroctl');
});

test('xeroctl takes global flags before the command as after it', async () => {
  await using server = await listing();
  const words = ['--base-url', server.baseUrl, '--debug', '-o', 'json', 'exec', 'list'];
  const { exit, stdout, stderr } = await xeroctl(words);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual(pageSample([executionSample()]));
  expect(stderr).toBe(`GET ${server.baseUrl}/v1/exec/executions 200 req-1\n`);
});

test('xeroctl goes below the project it is told to insist on', async () => {
  const project = `prj_${'2'.repeat(24)}`;
  await using server = await startServer({
    [`GET /${project}/v1/exec/executions`]: (_, response) => json(response, pageSample([])),
  });
  expect((await xeroctl(['exec', 'list', '--project', project], server)).exit).toBe(0);
});

test('xeroctl names its surface and its key', async () => {
  await using server = await listing();
  await xeroctl(['exec', 'list'], server);
  expect(server.received[0]?.headers).toMatchObject({
    'x-xem-surface': 'cli',
    authorization: 'Bearer xero_test_k',
  });
});

test.each([
  ['table', 'a\\x1b[31mred\\u202egnp.exe\\n\\u0007'],
  ['json', '"a\\u001b[31mred\\u202egnp.exe\\n\\u0007"'],
  ['yaml', 'a\\e[31mred\\u202egnp.exe\\n\\a'],
])('xeroctl shows what a server says in %s, and does not obey it', async (format, shown) => {
  await using server = await listing({ invocation_id: HOSTILE });
  const { stdout } = await xeroctl(['exec', 'list', '-o', format, '--debug'], server);
  expect(stdout).toContain(shown);
  for (const obeyed of ['\u001b', '\u202e', '\u0007']) expect(stdout).not.toContain(obeyed);
});

test('xeroctl shows what an error says, and does not obey it', async () => {
  await using server = await startServer({
    [LIST]: (_, response) => refuse(response, { code: 'invalid_body', message: HOSTILE }, { status: 400 }),
  });
  const { stderr } = await xeroctl(['exec', 'list'], server);
  expect(stderr).toContain('\\x1b[31mred\\u202egnp.exe\\n\\u0007');
});

test('xeroctl says with --dry-run what it would send, and sends nothing', async () => {
  await using server = await startServer({});
  const { exit, stdout } = await xeroctl(['exec', 'cancel', UUID, '--reason', 'r', '--dry-run'], server);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    dry_run: true,
    method: 'POST',
    url: `${server.baseUrl}/v1/exec/invocations/${UUID}/cancel`,
    body: { reason: 'r' },
  });
  expect(server.received).toHaveLength(0);
});

test('xeroctl shows a stack with --debug only', async () => {
  await using server = await startServer({
    [LIST]: (_, response) => refuse(response, { code: 'invalid_body' }, { status: 400 }),
  });
  expect((await xeroctl(['exec', 'list'], server)).stderr).not.toContain('    at ');
  expect((await xeroctl(['exec', 'list', '--debug'], server)).stderr).toContain('    at ');
});

test.each([
  [{ columns: 200 }, true],
  [{ columns: 200, env: { NO_COLOR: '1' } }, false],
  [{ columns: 200, env: { TERM: 'dumb' } }, false],
  [{}, false],
])('xeroctl colours states in a terminal that wants it: %o', async (world, coloured) => {
  await using server = await listing();
  const { stdout } = await xeroctl(['exec', 'list'], { baseUrl: server.baseUrl, ...world });
  expect(stdout.includes('\u001b[32mcompleted\u001b[39m')).toBe(coloured);
  const plain = await xeroctl(['exec', 'list', '--no-color'], { baseUrl: server.baseUrl, ...world });
  expect(plain.stdout).not.toContain('\u001b');
});

test.each([
  [['approvals', 'approve'], 'give APPROVAL-ID; --help says what it is'],
  [['exec', 'invoke', '--tool', 'demo_echo'], 'give --workspace, with a value; --help says what it is'],
  [['exec', 'invoke', '--workspace', '--tool', 'demo_echo'], '--workspace needs a value, but --tool came'],
])('xeroctl %j tells what is missing and where it is explained', async (words, says) => {
  const { exit, stderr } = await xeroctl(words, {});
  expect({ exit, stderr: stderr.trim() }).toEqual({ exit: 2, stderr: `xeroctl: ${says}` });
});
