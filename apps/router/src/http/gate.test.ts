import { ApiKeyId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { BODY_BYTES_MAX, inHttpWorld, refusalOf, type HttpWorld } from '../testing/http-world.ts';

const HUGE = JSON.stringify({ padding: 'x'.repeat(BODY_BYTES_MAX) });
const ID = '01930000-0000-7000-8000-000000000000';

/** Pins a key, filters its addresses, or changes its rate, as an operator would. */
async function change(world: HttpWorld, what: Readonly<Record<string, unknown>>): Promise<void> {
  const { keyId, projectId } = world.service;
  await world.store.transact(async (tx) => {
    const key = await tx.access.apiKey(projectId, ApiKeyId.parse(keyId));
    if (key) await tx.access.saveApiKey({ ...key, ...what });
  });
}

test('checks answer in their promised order: what is listed earlier wins', () =>
  inHttpWorld(async (world) => {
    const { call, seed } = world;
    const create = 'POST /v1/exec/invocations';
    const elsewhere = `POST /${seed.other_project_id}/v1/exec/invocations`;
    const { inference } = seed.keys;
    const codes = async (line: string, options: Parameters<typeof call>[1]): Promise<string> =>
      (await refusalOf(await call(line, options))).code;

    expect(await codes(create, { body: HUGE, key: '' })).toBe('payload_too_large');
    expect(await codes(elsewhere, { key: '' })).toBe('authentication_required');
    expect(await codes(elsewhere, { key: inference })).toBe('cross_project_access');
    expect(await codes(create, { key: inference, body: '{' })).toBe('scope_insufficient');
    await change(world, { endpoints: ['tool.*'], rate: { per_minute: 1, burst: 1 } });
    expect(await codes('GET /v1/exec/tools?nonsense=1', {})).toBe('invalid_body');
    expect(await codes(create, { body: '{' })).toBe('endpoint_restricted');
    expect(await codes('GET /v1/exec/tools?nonsense=1', {})).toBe('rate_limit_exceeded');
    await change(world, { endpoints: null, rate: { per_minute: 1000, burst: 100 } });
    expect(await codes(create, { body: { project_id: seed.other_project_id } })).toBe('missing_workspace_id');
    const foreign = {
      workspace_id: 'ws_00000000',
      tool: 'none',
      args: {},
      project_id: seed.other_project_id,
    };
    expect(await codes(create, { body: foreign })).toBe('project_mismatch');
    expect(await codes(create, { body: { ...foreign, project_id: seed.project_id } })).toBe(
      'workspace_not_found',
    );
  }));

test('a key with an address filter is refused where no address is known to match', () =>
  inHttpWorld(async (world) => {
    await change(world, { ipAllow: ['10.0.0.0/8'] });
    expect(await refusalOf(await world.call('GET /v1/whoami'))).toMatchObject({
      status: 403,
      code: 'endpoint_restricted',
    });
  }));

test('a key over its rate answers 429 with header, envelope and strategy agreeing', () =>
  inHttpWorld(async (world) => {
    await change(world, { rate: { per_minute: 2, burst: 2 } });
    const first = await world.call('GET /v1/whoami');
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await world.call('GET /v1/whoami');
    const refused = await world.call('GET /v1/whoami');
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(refused.status).toBe(429);
    expect(retryAfter).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'rate_limit_exceeded',
        type: 'rate_limit_error',
        retry_after: retryAfter,
        retry_strategy: { type: 'exponential', initial_delay_ms: retryAfter * 1000 },
      },
    });
  }));

test.each([
  ['no key', ''],
  ['an unknown key', `xero_demo_${'A'.repeat(43)}`],
  ['nonsense', 'x'],
])('%s answers 401', (_name, key) =>
  inHttpWorld(async ({ call }) => {
    const answer = await call('GET /v1/whoami', { key });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refusalOf(answer)).toEqual({ status: 401, code: 'authentication_required', param: null });
  }),
);

test('both mounts answer the same, when the project is that of the key', () =>
  inHttpWorld(async ({ call, seed }) => {
    const [plain, named] = [
      await call('GET /v1/exec/tools'),
      await call(`GET /${seed.project_id}/v1/exec/tools`),
    ];
    expect([plain.status, named.status]).toEqual([200, 200]);
    expect(await named.json()).toEqual(await plain.json());
  }));

test.each([
  ['{', 'invalid_body', null],
  ['[]', 'invalid_body', null],
  ['', 'missing_workspace_id', '/workspace_id'],
  ['{"tool":"t","args":{}}', 'missing_workspace_id', '/workspace_id'],
  ['{"workspace_id":null,"tool":"t","args":{}}', 'invalid_workspace_id', '/workspace_id'],
  [`{"workspace_id":"${ID}","tool":"t","args":{}}`, 'invalid_workspace_id', '/workspace_id'],
  ['{"workspace_id":"ws_00000000","args":{}}', 'invalid_body', '/tool'],
  ['{"workspace_id":"ws_00000000","tool":"t"}', 'invalid_body', '/args'],
  ['{"workspace_id":"ws_00000000","tool":"t","args":[]}', 'invalid_body', '/args'],
  ['{"workspace_id":"ws_00000000","tool":"t","args":{},"x/y":1}', 'invalid_body', '/x~1y'],
  ['{"workspace_id":"ws_00000000","tool":"t","args":{},"timeout_ms":0.5}', 'invalid_body', '/timeout_ms'],
  ['{"workspace_id":"ws_00000000","tool":"t","args":{"__proto__":1}}', 'invalid_body', '/args/__proto__'],
  ['{"workspace_id":"ws_00000000","workspace_id":"ws_00000001","tool":"t","args":{}}', 'invalid_body', null],
])('invocation.create refuses the body %s', (body, code, param) =>
  inHttpWorld(async ({ call }) => {
    expect(await refusalOf(await call('POST /v1/exec/invocations', { body }))).toEqual({
      status: 400,
      code,
      param,
    });
  }),
);

test('invocation.create refuses a body that is not UTF-8', () =>
  inHttpWorld(async ({ app, seed }) => {
    const body = Buffer.concat([Buffer.from('{"workspace_id":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const headers = { authorization: `Bearer ${seed.keys.service}` };
    const answer = await app.hono.request('/v1/exec/invocations', { method: 'POST', body, headers });
    expect(await refusalOf(answer)).toEqual({ status: 400, code: 'invalid_body', param: null });
  }));

test.each([
  ['GET /v1/exec/invocations/nonsense', 404, 'invocation_not_found'],
  [`GET /v1/exec/invocations/${ID.toUpperCase()}A`, 404, 'invocation_not_found'],
  ['POST /v1/exec/invocations/nonsense/cancel', 404, 'invocation_not_found'],
  ['GET /v1/exec/invocations/nonsense/stream', 404, 'invocation_not_found'],
  ['GET /v1/exec/executions/nonsense', 404, 'execution_not_found'],
  ['GET /v1/exec/executions/nonsense/raw', 404, 'execution_not_found'],
  ['POST /v1/exec/executions/nonsense/rerun', 404, 'execution_not_found'],
  ['GET /v1/exec/approvals/nonsense', 404, 'approval_not_found'],
  ['POST /v1/exec/approvals/nonsense/approve', 404, 'approval_not_found'],
  ['GET /v1/exec/agents/nonsense', 404, 'agent_not_found'],
  ['GET /v1/exec/agents/nonsense/manifest', 404, 'agent_not_found'],
  ['GET /v1/exec/tools/no%20tool', 404, 'exec_tool_not_found'],
  ['GET /v1/workspaces/nonsense', 400, 'invalid_workspace_id'],
  ['POST /v1/management/join-keys/nonsense/revoke', 404, 'join_key_not_found'],
  ['POST /v1/management/api-keys/nonsense/revoke', 404, 'api_key_not_found'],
  ['DELETE /v1/workspaces/ws_00000000/bindings/nonsense', 404, 'workspace_binding_not_found'],
])('%s answers %i %s', (line, status, code) =>
  inHttpWorld(async ({ call, seed }) => {
    expect(await refusalOf(await call(line, { key: seed.keys.operator }))).toMatchObject({ status, code });
  }),
);

test.each([
  ['GET /v1/exec/tools?limit=0', 'limit'],
  ['GET /v1/exec/tools?limit=101', 'limit'],
  ['GET /v1/exec/tools?limit=ten', 'limit'],
  ['GET /v1/exec/tools?limit=1&limit=2', 'limit'],
  ['GET /v1/exec/tools?online=yes', 'online'],
  ['GET /v1/exec/tools?nonsense=1', 'nonsense'],
  ['GET /v1/exec/invocations?after=xyz', 'after'],
  ['POST /v1/exec/invocations?dry_run=true', 'dry_run'],
  [`GET /v1/exec/invocations/${ID}?id=${ID}`, 'id'],
  ['GET /v1/exec/executions/stream?types=nonsense', 'types'],
  ['GET /v1/exec/executions/stream?after_seq=1000000', 'after_seq'],
])('%s is refused and names %s', (line, param) =>
  inHttpWorld(async ({ call }) => {
    expect(await refusalOf(await call(line, {}))).toEqual({ status: 400, code: 'invalid_body', param });
  }),
);

test('a workspace that is not of its form in a query is invalid_workspace_id', () =>
  inHttpWorld(async ({ call }) => {
    const answer = await call('GET /v1/exec/tools?workspace_id=nonsense');
    expect(await refusalOf(answer)).toEqual({
      status: 400,
      code: 'invalid_workspace_id',
      param: 'workspace_id',
    });
  }));

test('a path member given again in the body is refused', () =>
  inHttpWorld(async ({ call }) => {
    const answer = await call(`POST /v1/exec/invocations/${ID}/cancel`, { body: { id: ID } });
    expect(await refusalOf(answer)).toEqual({ status: 400, code: 'invalid_body', param: '/id' });
  }));

test('a key that cannot be an idempotency key is refused by name', () =>
  inHttpWorld(async ({ call }) => {
    const answer = await call('POST /v1/exec/invocations', {
      body: {},
      headers: { 'idempotency-key': 'x'.repeat(256) },
    });
    expect(await refusalOf(answer)).toEqual({ status: 400, code: 'invalid_body', param: 'Idempotency-Key' });
  }));

test.each([
  ['GET /v1/whoami', 200],
  ['HEAD /v1/whoami', 200],
  ['GET /v1/errors', 200],
  ['GET /v1/errors?code=internal', 400],
  ['GET /healthz', 200],
  ['GET /readyz', 200],
  ['GET /openapi.json', 200],
  ['GET /docs', 200],
  ['GET /v1/nothing', 404],
  ['GET /nothing', 404],
  ['GET /v1/exec/executions/01930000-0000-7000-8000-000000000000', 404],
  ['PUT /v1/exec/invocations', 405],
  ['OPTIONS /v1/exec/invocations', 405],
  ['GET /ops', 401],
])('%s answers %i with a request id and the guard headers', (line, status) =>
  inHttpWorld(async ({ call }) => {
    const made = await call(line);
    const kept = await call(line, { headers: { 'x-request-id': 'req_1.A-b' } });
    const refused = await call(line, { headers: { 'x-request-id': 'two words' } });
    expect(made.status).toBe(status);
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(kept.headers.get('x-request-id')).toBe('req_1.A-b');
    expect(refused.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    for (const guard of [
      'x-content-type-options',
      'x-frame-options',
      'referrer-policy',
      'content-security-policy',
    ]) {
      expect(made.headers.has(guard)).toBe(true);
    }
    expect(made.headers.has('access-control-allow-origin')).toBe(false);
  }),
);

test('method_not_allowed names the methods of the route', () =>
  inHttpWorld(async ({ call, seed }) => {
    const plain = await call('PUT /v1/exec/invocations');
    expect(plain.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(await refusalOf(plain)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    const named = await call(`DELETE /${seed.project_id}/v1/whoami`);
    expect(named.headers.get('allow')).toBe('GET, HEAD');
  }));

test('a failure nobody expected answers internal, tells nothing and is logged with its request', () =>
  inHttpWorld(async ({ call, store, logged }) => {
    await store.close();
    const answer = await call('GET /v1/whoami', { headers: { 'x-request-id': 'the-one' } });
    const text = await answer.text();
    expect([500, 503]).toContain(answer.status);
    expect(text).not.toMatch(/sqlite|database|\/tmp|at /i);
    const line = logged.find(({ event }) => event === 'http.failed');
    expect(line?.fields).toMatchObject({ requestId: 'the-one', err: expect.any(Error) });
  }));
