import { Project } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inHttpWorld, refusalOf, UNAUTHENTICATED_PER_MINUTE, type HttpWorld } from '../testing/http-world.ts';

const CREATE = 'POST /v1/exec/invocations';

/** Changes the project as an operator does over HTTP. */
async function changeProject({ call, seed }: HttpWorld, body: object): Promise<Project> {
  const answer = await call('PATCH /v1/management/project', { key: seed.keys.operator, body });
  expect(answer.status).toBe(200);
  return Project.parse(await answer.json());
}

const callOf = ({ seed }: HttpWorld, change: object = {}) => ({
  workspace_id: seed.workspace_id,
  tool: 'demo_echo',
  args: {},
  ...change,
});

test('a project over its rate answers 429 to every key of it, and no other project', () =>
  inHttpWorld(async (world) => {
    const { call, seed } = world;
    await changeProject(world, { rate: { per_minute: 60, burst: 3 } });
    const statuses = [];
    for (const key of [seed.keys.service, seed.keys.approver, seed.keys.operator, seed.keys.service])
      statuses.push((await call('GET /v1/whoami', { key })).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await call('GET /v1/whoami');
    expect(refused.headers.get('x-ratelimit-limit')).toBe('60');
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBe(1);
    expect(await refused.json()).toMatchObject({
      error: { code: 'rate_limit_exceeded', retry_after: 1, retry_strategy: { initial_delay_ms: 1000 } },
    });
    expect((await call('GET /v1/whoami', { key: seed.keys.other_project })).status).toBe(200);
  }));

/** Makes requests for a path that come in on sockets of some address. */
const asking =
  (path: string) =>
  async ({ app }: HttpWorld, address: string, key: string): Promise<number> => {
    const headers = { authorization: `Bearer ${key}` };
    const incoming = { socket: { remoteAddress: address } };
    return (await app.hono.request(path, { headers }, { incoming })).status;
  };
const from = asking('/v1/whoami');

const guess = (n: number) => `xero_demo_${String(n).padStart(43, 'A')}`;

test('an address that guesses keys is answered 429, whatever it sends, but for keys that are in use', () =>
  inHttpWorld(async (world) => {
    const { keys } = world.seed;
    expect(await from(world, '192.0.2.1', keys.service)).toBe(200);
    for (let n = 0; n < UNAUTHENTICATED_PER_MINUTE; n += 1)
      expect(await from(world, '192.0.2.1', guess(n))).toBe(401);
    expect(await from(world, '192.0.2.1', guess(99))).toBe(429);
    expect(await from(world, '192.0.2.1', keys.operator)).toBe(429);
    expect(await from(world, '192.0.2.1', keys.service)).toBe(200);
    expect(await from(world, '192.0.2.2', guess(99))).toBe(401);
    expect(await from(world, '192.0.2.2', keys.operator)).toBe(200);
    expect(await from(world, '192.0.2.1', keys.operator)).toBe(200);
  }));

test('keys that are guessed at /metrics are counted with all others', () =>
  inHttpWorld(async (world) => {
    const scrape = asking('/metrics');
    for (let n = 0; n < UNAUTHENTICATED_PER_MINUTE; n += 1)
      expect(await scrape(world, '192.0.2.1', guess(n))).toBe(401);
    expect(await scrape(world, '192.0.2.1', guess(99))).toBe(429);
    expect(await from(world, '192.0.2.1', guess(99))).toBe(429);
    expect(await scrape(world, '192.0.2.2', world.seed.keys.operator)).toBe(200);
  }));

test.each<[string, object, string]>([
  ['billing_delinquent', { billing: 'delinquent' }, 'the project has not paid what it owes'],
  ['insufficient_quota', { tariff: { per_call: 1, per_second: 0 } }, 'the project has 0 credits left'],
])('%s answers 402 before the workspace is looked at, and after the body', (code, change, says) =>
  inHttpWorld(async (world) => {
    const { call } = world;
    await changeProject(world, change);
    const answer = await call(CREATE, { body: callOf(world, { workspace_id: 'ws_00000000' }) });
    expect(answer.status).toBe(402);
    expect(await answer.json()).toEqual({
      error: {
        message: expect.stringContaining(says),
        type: 'insufficient_quota_error',
        code,
        param: null,
      },
    });
    expect(answer.headers.has('retry-after')).toBe(false);
    expect(await refusalOf(await call(CREATE, { body: {} }))).toMatchObject({ code: 'missing_workspace_id' });
    const dry = await call(CREATE, { body: callOf(world, { dry_run: true }) });
    expect(await refusalOf(dry)).toMatchObject({ status: 402, code });
    expect((await call('GET /v1/exec/invocations')).status).toBe(200);
  }),
);

test('project.update and project.top_up show what the project may send and has left', () =>
  inHttpWorld(async (world) => {
    const { call, seed } = world;
    const changed = await changeProject(world, { tariff: { per_call: 2, per_second: 1 }, plan: 'team' });
    expect(changed).toMatchObject({ plan: 'team', rate: null, billing: 'current' });
    const grant = (credits: number) =>
      call('POST /v1/management/project/credit', {
        key: seed.keys.operator,
        body: { credits },
        headers: { 'idempotency-key': 'invoice 1' },
      });
    expect((await grant(100)).headers.has('idempotent-replayed')).toBe(false);
    const again = await grant(100);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(Project.parse(await again.json()).credit).toMatchObject({ granted: 100, available: 100 });
    expect(await refusalOf(await grant(99))).toEqual({
      status: 409,
      code: 'exec_idempotency_conflict',
      param: 'Idempotency-Key',
    });
    await world.invoke({});
    const shown = await call('GET /v1/management/project', { key: seed.keys.operator });
    expect(Project.parse(await shown.json()).credit).toEqual({
      granted: 100,
      reserved: 62,
      settled: 0,
      available: 38,
    });
  }));

test.each([
  [{ credits: 0 }, '/credits'],
  [{ credits: 1.5 }, '/credits'],
  [{}, '/credits'],
  [{ credits: 1, note: 'x' }, '/note'],
])('project.top_up refuses %j', (body, param) =>
  inHttpWorld(async ({ call, seed }) => {
    const answer = await call('POST /v1/management/project/credit', { key: seed.keys.operator, body });
    expect(await refusalOf(answer)).toEqual({ status: 400, code: 'invalid_body', param });
  }),
);

test.each([
  [{ billing: 'paid' }, '/billing'],
  [{ tariff: { per_call: -1, per_second: 0 } }, '/tariff/per_call'],
  [{ tariff: { per_call: 1 } }, '/tariff/per_second'],
  [{ rate: { per_minute: 0, burst: 1 } }, '/rate/per_minute'],
  [{ slug: 'other' }, '/slug'],
])('project.update refuses %j', (body, param) =>
  inHttpWorld(async ({ call, seed }) => {
    const answer = await call('PATCH /v1/management/project', { key: seed.keys.operator, body });
    expect(await refusalOf(answer)).toEqual({ status: 400, code: 'invalid_body', param });
  }),
);
