import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHttpRig, type HttpRig } from '../testing/http-rig.ts';
import { outcome } from '../testing/run-rig.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await openHttpRig();
});
afterEach(() => rig.close());

test('http asks the server and answers with the body, the head on standard error', async () => {
  const lines = ['url: "http://HOST/status"', 'query: { code: 201 }', 'show_headers: [X-Said, absent]'];
  const { stdout, stderr, end } = await rig.run(lines, {});
  expect({ stdout, stderr }).toEqual({ stdout: 'said', stderr: 'HTTP/1.1 201 Created\nx-said: a\tb\n' });
  expect(end).toMatchObject({ status: 'completed', exit_code: 0, error: null });
  expect(rig.server.asked).toMatchObject([
    {
      method: 'GET',
      target: '/status?code=201',
      body: '',
      headers: { traceparent: '00-aa-bb-01', host: rig.server.host },
    },
  ]);
});

test.each([
  ['404', ['query: { code: 404 }'], 1],
  ['201 where only 200 is success', ['query: { code: 201 }', 'success: [200]'], 1],
  ['404 where that is success', ['query: { code: 404 }', 'success: [200, 404]'], 0],
])('http judges status %s', async (_, lines, exitCode) => {
  const { stdout, end } = await rig.run(['url: "http://HOST/status"', ...lines], {});
  expect(stdout).toBe('said');
  expect(end.exit_code).toBe(exitCode);
  expect(end.error?.code).toBe(exitCode === 0 ? undefined : 'tool_exit_nonzero');
});

const BEARER = ['headers: { Authorization: "Bearer {credential:TOKEN}" }'];

test('http gives a credential to the server and masks it in what comes back', async () => {
  rig.bundles.writeCredentials('prod', 'TOKEN=secret-from-prod\n');
  const lines = ['url: "http://HOST/away"', 'query: { to: "/next?leak=secret-from-prod" }', ...BEARER];
  await rig.run(lines, {}, 'prod');
  expect(rig.server.asked.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer secret-from-prod',
    'Bearer secret-from-prod',
  ]);
  const shown = await rig.run(
    ['url: "http://HOST/away"', 'query: { to: "x://secret-from-prod" }', 'show_headers: [location]'],
    {},
  );
  expect(shown.stderr).toContain('x://****************');
});

test('http refuses a call whose workspace has not the credential', () => {
  rig.bundles.writeCredentials('prod', 'OTHER=secret-from-prod\n');
  const lines = ['url: "http://HOST/"', ...BEARER];
  expect(() => rig.start(lines, {})).toThrow(/no TOKEN/);
  expect(() => rig.start(lines, {}, 'prod')).toThrow(/no TOKEN/);
});

test('http follows a redirect within the hosts of the bundle, and keeps credentials from the second', async () => {
  rig.bundles.writeCredentials('prod', 'TOKEN=secret-from-prod\n');
  const lines = ['url: "http://HOST/away"', `query: { to: "http://${rig.other.host}/x" }`, ...BEARER];
  expect((await rig.run(lines, {}, 'prod')).stdout).toBe('from the other');
  expect(rig.other.asked[0]?.headers).not.toHaveProperty('authorization');
  expect(rig.other.asked[0]?.headers['host']).toBe(rig.other.host);
});

test.each([
  ['http://localhost:1/', 'localhost:1'],
  ['http://user:pass@HOST/', 'HOST'],
  ['//evil.example/x', 'evil.example'],
  ['http://0x7f000001:1/', '127.0.0.1:1'],
  ['file:///etc/passwd', 'not followed'],
  ['http://[', 'nowhere'],
  ['', 'nowhere'],
])('http does not follow a redirect to %j', async (to, says) => {
  const lines = ['url: "http://HOST/away"', `query: { to: "${to.replaceAll('HOST', rig.server.host)}" }`];
  const { stdout, stderr, end } = await rig.run(lines, {});
  expect(stdout).toBe('gone');
  expect(stderr).toContain(says.replaceAll('HOST', rig.server.host));
  expect(end).toMatchObject({ status: 'failed', exit_code: 1 });
  expect(rig.server.asked).toHaveLength(1);
});

test('http does not repeat a request that changes something where a redirect leads', async () => {
  const { end } = await rig.run(['url: "http://HOST/away"', 'method: POST', 'query: { to: /next }'], {});
  expect(end.exit_code).toBe(1);
  expect(rig.server.asked).toHaveLength(1);
});

test('http gives up after five redirects', async () => {
  const { stderr, end } = await rig.run(['url: "http://HOST/round"'], {});
  expect(stderr).toContain('too many redirects');
  expect(end.exit_code).toBe(1);
  expect(rig.server.asked).toHaveLength(6);
});

test('http ends a run whose answer is over its limit, and keeps the first bytes', async () => {
  const { stdout, end } = await rig.run(['url: "http://HOST/flood"', 'query: { bytes: 5000000 }'], {});
  expect(stdout).toBe('x'.repeat(100_000));
  expect(end).toMatchObject({
    status: 'failed',
    ended_by: 'limit',
    error: { code: 'output_limit_exceeded' },
  });
});

test('http lets an answer of exactly the limit be', async () => {
  const { stdout, end } = await rig.run(['url: "http://HOST/flood"', 'query: { bytes: 100000 }'], {});
  expect([stdout.length, end.status]).toEqual([100_000, 'completed']);
});

test.each([
  ['GET', '/hang', null],
  ['POST', '/hang', 'cancel_unconfirmed'],
])('http ends a %s that is cancelled, and says what it cannot know', async (method, path, code) => {
  const begun = rig.start([`url: "http://HOST${path}"`, `method: ${method}`], {});
  await rig.server.first;
  begun.cancel('asked');
  const { error, status } = await begun.ended;
  expect([status, error?.code ?? null]).toEqual(['cancelled', code]);
});

test.each([
  ['GET', '/break', 'failed', 'tool_exit_nonzero'],
  ['GET', '/drop', 'failed', 'tool_exit_nonzero'],
  ['POST', '/break', 'lost', 'tool_killed'],
  ['POST', '/drop', 'lost', 'tool_killed'],
])(
  'http says what is known when the connection of a %s breaks (%s)',
  async (...[method, path, status, code]) => {
    const { end } = await rig.run([`url: "http://HOST${path}"`, `method: ${method}`], {});
    expect(end).toMatchObject({ status, error: { code } });
  },
);

test('http says that a server cannot be reached, and that nothing was sent', async () => {
  await rig.server.close();
  const { stderr, end } = await rig.run(['url: "http://HOST/x"', 'method: POST'], {});
  expect(stderr).toMatch(/cannot be asked: .*ECONNREFUSED/);
  expect(end).toMatchObject({ status: 'failed', exit_code: 1 });
});

test('http finds after a restart what a call had written, and calls an unanswered one lost', async () => {
  const done = rig.start(['url: "http://HOST/x"'], {});
  await done.ended;
  const hanging = rig.start(['url: "http://HOST/hang"', 'method: POST'], {});
  const later = rig.bundles.runs.anotherRunner();
  const { mask } = rig.bundles.load();
  const found = later.reattach(done.key, mask);
  expect(found && (await outcome(found))).toMatchObject({
    stdout: 'done',
    end: { status: 'completed', exit_code: 0 },
  });
  expect(await later.reattach(hanging.key, mask)?.ended).toMatchObject({ status: 'lost', exit_code: null });
});
