import { onlineAgent, testTool } from '@xem/domain/testing';
import { ApiKeyId, Maintenance } from '@xem/protocol';
import { expect, test } from 'vitest';
import { BODY_BYTES_MAX, inHttpWorld, refusalOf, type HttpWorld } from '../testing/http-world.ts';

/** A request for a call, in pieces that faults are put into. */
interface Asking {
  key: string;
  prefix: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

type Spoil = (world: HttpWorld, asking: Asking) => Promise<unknown>;

interface Check {
  readonly code: string;
  readonly param?: string;
  readonly spoil: Spoil;
}

const CREATE = '/v1/exec/invocations';
const STRICT = testTool({
  name: 'strict',
  parameters: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
});

const operate = async ({ call, seed }: HttpWorld, line: string, body: unknown = {}): Promise<unknown> => {
  const answer = await call(line, { key: seed.keys.operator, body });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
};

/** Changes the key that asks, as an operator would. */
const changeKey = ({ service, store }: HttpWorld, what: Readonly<Record<string, unknown>>): Promise<void> =>
  store.transact(async (tx) => {
    const key = await tx.access.apiKey(service.projectId, ApiKeyId.parse(service.keyId));
    if (key) await tx.access.saveApiKey({ ...key, ...what });
  });

const put =
  (members: Readonly<Record<string, unknown>>): Spoil =>
  async (_world, { body }) =>
    void Object.assign(body, members);

/** Every check of a request for a call, in its promised order, and a way to fail it. */
const CHECKS: readonly Check[] = [
  { code: 'payload_too_large', spoil: put({ padding: 'x'.repeat(BODY_BYTES_MAX) }) },
  { code: 'authentication_required', spoil: async (_world, asking) => void (asking.key = '') },
  {
    code: 'cross_project_access',
    spoil: async ({ seed }, asking) => void (asking.prefix = `/${seed.other_project_id}`),
  },
  {
    code: 'scope_insufficient',
    spoil: (world) => changeKey(world, { scopes: ['inference'] }),
  },
  { code: 'endpoint_restricted', spoil: (world) => changeKey(world, { endpoints: ['tool.*'] }) },
  {
    code: 'rate_limit_exceeded',
    spoil: async (world) => {
      await changeKey(world, { rate: { per_minute: 1, burst: 1 } });
      await world.call('GET /v1/whoami');
    },
  },
  { code: 'invalid_body', param: '/surprise', spoil: put({ surprise: 1 }) },
  {
    code: 'project_mismatch',
    param: '/project_id',
    spoil: async ({ seed }, { body }) => void (body['project_id'] = seed.other_project_id),
  },
  {
    code: 'exec_idempotency_conflict',
    spoil: async (_world, { headers }) => void (headers['idempotency-key'] = 'known'),
  },
  {
    code: 'billing_delinquent',
    spoil: (world) => operate(world, 'PATCH /v1/management/project', { billing: 'delinquent' }),
  },
  {
    code: 'insufficient_quota',
    spoil: (world) =>
      operate(world, 'PATCH /v1/management/project', { tariff: { per_call: 1, per_second: 0 } }),
  },
  { code: 'workspace_not_found', param: '/workspace_id', spoil: put({ workspace_id: 'ws_00000000' }) },
  { code: 'exec_tool_not_found', spoil: put({ tool: 'none' }) },
  { code: 'invalid_body', param: '/args/a', spoil: put({ args: {} }) },
  {
    code: 'unavailable',
    spoil: async (world) => {
      const path = 'POST /v1/management/maintenance';
      const window = { title: 'upgrade', severity: 'critical' };
      const { id } = Maintenance.parse(await operate(world, path, window));
      await operate(world, `${path}/${id}/start`);
    },
  },
];

/** A request with every fault from one check on, the last put in first. */
async function spoiltFrom(world: HttpWorld, at: number): Promise<Asking> {
  const body = { workspace_id: world.seed.workspace_id, tool: 'strict', args: { a: 1 } };
  const asking: Asking = { key: world.seed.keys.service, prefix: '', headers: {}, body };
  await world.call(`POST ${CREATE}`, {
    body: { ...body, reason: 'first' },
    headers: { 'idempotency-key': 'known' },
  });
  for (const { spoil } of CHECKS.slice(at).toReversed()) await spoil(world, asking);
  return asking;
}

test.each(CHECKS.map(({ code, param }, at) => [at, code, param ?? null] as const))(
  'check %i answers %s, whatever is wrong for the checks behind it',
  (at, code, param) =>
    inHttpWorld(async (world) => {
      const workspaces = [world.seed.workspace_id];
      await onlineAgent(world, { name: 'strict', tools: [STRICT], workspaces });
      const { key, prefix, headers, body } = await spoiltFrom(world, at);
      const answer = await world.call(`POST ${prefix}${CREATE}`, { key, headers, body });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(await refusalOf(answer)).toMatchObject({ code, ...(param && { param }) });
    }),
);

test('a request that passes every check is let in', () =>
  inHttpWorld(async (world) => {
    await onlineAgent(world, { name: 'strict', tools: [STRICT], workspaces: [world.seed.workspace_id] });
    const { key, headers, body } = await spoiltFrom(world, CHECKS.length);
    expect((await world.call(`POST ${CREATE}`, { key, headers, body })).status).toBe(201);
  }));
