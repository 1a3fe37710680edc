import {
  APPROVAL_ID,
  EXECUTION_ID,
  INVOCATION_ID,
  invocationSample,
  json,
  refuse,
  sendEvent,
  settledSample,
  startServer,
  startStream,
  type Handler,
} from '@xem/client/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { xeroctl } from '../../testing/terminal.ts';

const CREATE = 'POST /v1/exec/invocations';
const STREAM = `GET /v1/exec/invocations/${INVOCATION_ID}/stream`;
const TOOL = 'GET /v1/exec/tools/kubectl_get';
const RAW = `GET /v1/exec/executions/${EXECUTION_ID}/raw`;
const INVOKE = ['exec', 'invoke', '--workspace', 'ws_a1b2c3d4', '--tool', 'kubectl_get'];
const ARGS = ['--args', '{"resource": "pods", "namespace": "default"}'];
const URL_OF_APPROVAL = 'http://127.0.0.1:1/approvals/x';

const approval = {
  id: APPROVAL_ID,
  status: 'pending',
  url: URL_OF_APPROVAL,
  expires_at: '2026-01-01T00:15:00.000Z',
};
const gated = invocationSample({ status: 'pending_approval', approval });

const creates =
  (answer: object = invocationSample()): Handler =>
  (_, response) =>
    json(response, answer, { status: 201 });

const bodyOf = (body = '{}'): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(JSON.parse(body)));

/** A stream of these pieces of standard output, and then the end. */
const streams =
  (
    pieces: readonly { readonly offset: number; readonly text: string; readonly stream?: string }[],
    end = settledSample(),
  ): Handler =>
  (_, response) => {
    startStream(response);
    sendEvent(response, { event: 'invocation.snapshot', data: invocationSample(), id: '1.0.0.0' });
    for (const { offset, text, stream = 'stdout' } of pieces) {
      const piece = { execution_id: EXECUTION_ID, attempt: 1, stream, offset, bytes: text.length, text };
      sendEvent(response, { event: 'execution.output', data: piece, id: `2.1.${offset}.0` });
    }
    sendEvent(response, { event: 'invocation.settled', data: end, id: '3.1.5.0' });
  };

test('exec invoke prints the invocation whose id jq can take', async () => {
  await using server = await startServer({ [CREATE]: creates() });
  const { exit, stdout, stderr } = await xeroctl([...INVOKE, ...ARGS, '--output', 'json'], server);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(bodyOf(stdout)['id']).toBe(INVOCATION_ID);
  expect(bodyOf(server.received[0]?.body)).toEqual({
    workspace_id: 'ws_a1b2c3d4',
    tool: 'kubectl_get',
    args: { resource: 'pods', namespace: 'default' },
  });
  expect(server.received[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
});

test('exec invoke sends reason, agent, time and key', async () => {
  await using server = await startServer({ [CREATE]: creates() });
  const agent = `agt_${'3'.repeat(24)}`;
  const more = ['--reason', 'why', '--agent', agent, '--tool-timeout', '2m', '--idempotency-key', 'k1'];
  await xeroctl([...INVOKE, '--args', '{}', ...more], server);
  expect(bodyOf(server.received[0]?.body)).toMatchObject({
    reason: 'why',
    agent_id: agent,
    timeout_ms: 120_000,
  });
  expect(server.received[0]?.headers['idempotency-key']).toBe('k1');
});

test('exec invoke says where a gated call is decided, beside the answer', async () => {
  await using server = await startServer({ [CREATE]: creates(gated) });
  const { exit, stdout, stderr } = await xeroctl([...INVOKE, '--args', '{}', '-o', 'json'], server);
  expect(exit).toBe(0);
  expect(bodyOf(stdout)['status']).toBe('pending_approval');
  expect(stderr).toContain(`It waits for a decision: ${URL_OF_APPROVAL}`);
  expect(stderr).toContain(`xeroctl approvals approve ${APPROVAL_ID}`);
  const terminal = await xeroctl([...INVOKE, '--args', '{}'], { baseUrl: server.baseUrl, columns: 100 });
  expect(terminal.stdout).toContain(URL_OF_APPROVAL);
  expect(terminal.stderr).toBe('');
});

test('exec invoke reads arguments from a file and from standard input', async () => {
  await using server = await startServer({ [CREATE]: creates() });
  const file = join(await temporaryFolder(), 'args.json');
  await writeFile(file, '{"from":"file"}');
  await xeroctl([...INVOKE, '--args', `@${file}`], server);
  await xeroctl([...INVOKE, '--args', '-'], { baseUrl: server.baseUrl, stdin: '{"from":"stdin"}' });
  expect(server.received.map(({ body }) => bodyOf(body)['args'])).toEqual([
    { from: 'file' },
    { from: 'stdin' },
  ]);
});

const PARAMETERS = {
  type: 'object',
  properties: {
    seconds: { type: 'number' },
    count: { type: 'integer' },
    force: { type: 'boolean' },
    name: { type: 'string' },
    names: { type: 'array', items: { type: 'string' } },
    ports: { type: 'array', items: { type: 'integer' } },
    labels: { type: 'object' },
    either: { type: ['integer', 'string'] },
  },
};

test.each([
  [['seconds=0.5', 'count=3', 'force=true', 'name=1'], { seconds: 0.5, count: 3, force: true, name: '1' }],
  [['names=a', 'names=b', 'ports=1', 'ports=2'], { names: ['a', 'b'], ports: [1, 2] }],
  [['ports=[1,2]', 'labels={"a":"b"}'], { ports: [1, 2], labels: { a: 'b' } }],
  [
    ['either=7', 'name=a=b', 'free=text', 'typed:=[null]'],
    { either: 7, name: 'a=b', free: 'text', typed: [null] },
  ],
  [['either=seven', 'name='], { either: 'seven', name: '' }],
  [['__proto__=x'], JSON.parse('{"__proto__":"x"}')],
])('exec invoke types --arg %j by the schema', async (words, args) => {
  await using server = await startServer({
    [CREATE]: creates(),
    [TOOL]: (_, response) => json(response, { object: 'tool', parameters: PARAMETERS }),
  });
  const { exit, stderr } = await xeroctl([...INVOKE, ...words.flatMap((word) => ['--arg', word])], server);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(bodyOf(server.received.at(-1)?.body)['args']).toEqual(args);
});

test.each([
  ['neither --args nor --arg', [], 'one of the two'],
  ['both', ['--args', '{}', '--arg', 'a=1'], 'one of the two'],
  ['what is not JSON', ['--args', '{resource: pods}'], 'is not JSON'],
  ['the path of a file without @', ['--args', 'pods.json'], 'a file is given as @FILE'],
  ['what is no object', ['--args', '[1]'], 'must be a JSON object'],
  ['a file that is not there', ['--args', '@/nonexistent/x'], 'ENOENT'],
  ['a word without =', ['--arg', 'force'], 'must be key=value'],
  ['a number that is none', ['--arg', 'seconds=soon'], 'not of type number'],
  ['a whole number that is none', ['--arg', 'count=1.5'], 'not of type integer'],
  ['a truth that is none', ['--arg', 'force=yes'], 'not of type boolean'],
  ['a text given twice', ['--arg', 'name=a', '--arg', 'name=b'], 'more than once'],
  ['JSON that is none', ['--arg', 'x:={'], 'not JSON'],
])('exec invoke refuses %s with 2, and invokes nothing', async (_, words, says) => {
  await using server = await startServer({
    [TOOL]: (_request, response) => json(response, { object: 'tool', parameters: PARAMETERS }),
  });
  const { exit, stderr } = await xeroctl([...INVOKE, ...words], server);
  expect(exit).toBe(2);
  expect(stderr).toContain(says);
  expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(0);
});

test('exec invoke plans with --dry-run', async () => {
  const plan = { object: 'invocation_plan', decision: 'approval', agents: [] };
  await using server = await startServer({ [CREATE]: (_, response) => json(response, plan) });
  const { exit, stdout } = await xeroctl([...INVOKE, '--args', '{}', '--dry-run', '-o', 'json'], server);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual(plan);
  expect(bodyOf(server.received[0]?.body)['dry_run']).toBe(true);
});

test('exec invoke --wait writes what the tool writes, each to its own stream, and nothing else', async () => {
  await using server = await startServer({
    [CREATE]: creates(),
    [STREAM]: streams([
      { offset: 0, text: 'he' },
      { offset: 0, text: 'oops', stream: 'stderr' },
      { offset: 0, text: 'hel' },
      { offset: 3, text: 'lo' },
    ]),
  });
  const { exit, stdout, stderr } = await xeroctl([...INVOKE, '--args', '{}', '--wait'], server);
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'hello' });
  expect(stderr).toBe(`oops\ncompleted in 12 ms, exit code 0 (execution ${EXECUTION_ID})\n`);
});

test.each([
  [
    'a piece went missing',
    [
      { offset: 0, text: 'he' },
      { offset: 3, text: 'lo' },
    ],
    'bytes=2-',
  ],
  ['the last piece went missing', [{ offset: 0, text: 'hell' }], 'bytes=4-'],
  ['no piece came', [], undefined],
])('exec invoke --wait fetches the rest of the output when %s', async (_, pieces, range) => {
  await using server = await startServer({
    [CREATE]: creates(),
    [STREAM]: streams(pieces),
    [RAW]: ({ headers }, response) => {
      const from = Number(/\d+/.exec(headers.range ?? '0')?.[0]);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': 5 - from,
        ...(from > 0 && { 'content-range': `bytes ${from}-4/5` }),
      });
      response.end('hello'.slice(from));
    },
  });
  const { exit, stdout } = await xeroctl([...INVOKE, '--args', '{}', '--wait'], server);
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'hello' });
  expect(server.received.at(-1)?.headers.range).toBe(range);
});

test.each([
  ['completed', 0],
  ['failed', 1],
  ['rejected', 3],
  ['timeout', 6],
  ['cancelled', 7],
])('exec invoke --wait ends with the outcome of a run that is %s', async (status, code) => {
  const end = settledSample({
    status,
    result: { exit_code: 42, signal: null, stdout_bytes: 0, stderr_bytes: 0, duration_ms: 1 },
  });
  await using server = await startServer({ [CREATE]: creates(), [STREAM]: streams([], end) });
  const { exit, stderr } = await xeroctl([...INVOKE, '--args', '{}', '--wait'], server);
  expect(exit).toBe(code);
  expect(stderr).toContain(`${status} in 1 ms, exit code 42`);
});

test('exec invoke --wait waits for the decision, and goes on', async () => {
  await using server = await startServer({
    [CREATE]: creates(gated),
    [STREAM]: streams([{ offset: 0, text: 'hello' }]),
  });
  const { exit, stdout, stderr } = await xeroctl([...INVOKE, '--args', '{}', '--wait'], server);
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'hello' });
  expect(stderr).toContain(URL_OF_APPROVAL);
});

test('exec invoke --wait -o json prints the settled invocation and no output', async () => {
  await using server = await startServer({
    [CREATE]: creates(),
    [STREAM]: streams([{ offset: 0, text: 'hello' }]),
  });
  const { stdout } = await xeroctl([...INVOKE, '--args', '{}', '--wait', '-o', 'json'], server);
  expect(JSON.parse(stdout)).toEqual(settledSample());
});

test('exec invoke passes a refusal on', async () => {
  await using server = await startServer({
    [CREATE]: (_, response) => refuse(response, { code: 'exec_tool_not_found' }, { status: 400 }),
  });
  expect((await xeroctl([...INVOKE, '--args', '{}'], server)).exit).toBe(4);
});

test('exec invoke tells that a key was used before', async () => {
  await using server = await startServer({
    [CREATE]: (_, response) =>
      json(response, settledSample(), { headers: { 'idempotent-replayed': 'true' } }),
  });
  const { exit, stderr } = await xeroctl([...INVOKE, '--args', '{}', '--idempotency-key', 'k1'], server);
  expect(exit).toBe(0);
  expect(stderr).toContain('The key was used before');
});

test.each([
  ['no line in a terminal', 80, 'hello', '\n'],
  ['a line in a terminal', 80, 'hell\n', ''],
  ['no line in a pipe', undefined, 'hello', ''],
])('exec invoke --wait begins its own line after output that ended in %s', async (...row) => {
  const [, columns, text, before] = row;
  await using server = await startServer({ [CREATE]: creates(), [STREAM]: streams([{ offset: 0, text }]) });
  const world = { baseUrl: server.baseUrl, ...(columns !== undefined && { columns }) };
  const { stdout, stderr } = await xeroctl([...INVOKE, '--args', '{}', '--wait'], world);
  expect(stdout).toBe(text);
  expect(stderr).toBe(`${before}completed in 12 ms, exit code 0 (execution ${EXECUTION_ID})\n`);
});
