import { WorkspaceId } from '@xem/protocol';
import { makeAgentId, makeExecution, makeInvocation } from '@xem/store/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readEvents } from '../testing/read-events.ts';
import { inServedWorld, type ServedWorld } from '../testing/served-world.ts';

const Key = z.object({ id: z.string(), value: z.string() });
type Key = z.infer<typeof Key>;

const KEYS = '/v1/management/api-keys';

/** Sends as an operator would, over a socket, and expects to be obeyed. */
async function operate({ server, seed }: ServedWorld, line: string, body: unknown = {}): Promise<unknown> {
  const [method = '', path = ''] = line.split(' ');
  const headers = { authorization: `Bearer ${seed.keys.operator}` };
  const answer = await fetch(`${server.url}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const LIFE_SECONDS = 50;

/** A key of the service, which ends by itself before a wait does. */
async function mint(world: ServedWorld): Promise<Key> {
  const draft = { principal_id: world.service.actor.id, name: 'second', scopes: ['execution'] };
  return Key.parse(await operate(world, `POST ${KEYS}`, { ...draft, expires_in_seconds: LIFE_SECONDS }));
}

const GONE = 'authentication_required';
const BOUND = 'endpoint_restricted';

/** How a caller loses the right to what is open, and what it is told. */
const LOSSES: Readonly<
  Record<string, readonly [code: string, lose: (world: ServedWorld, key: Key) => Promise<unknown>]>
> = {
  'is revoked': [GONE, (world, { id }) => operate(world, `POST ${KEYS}/${id}/revoke`)],
  'loses its principal': [
    GONE,
    (world) =>
      operate(world, `PATCH /v1/management/principals/${world.service.actor.id}`, { disabled: true }),
  ],
  'is rotated without a grace': [GONE, (world, { id }) => operate(world, `POST ${KEYS}/${id}/rotate`)],
  'is at the end of its grace': [
    GONE,
    async (world, { id }) => {
      await operate(world, `POST ${KEYS}/${id}/rotate`, { grace_seconds: 5 });
      await world.clock.advance(5000);
    },
  ],
  'has ended': [GONE, (world) => world.clock.advance(LIFE_SECONDS * 1000)],
  'may be used from elsewhere only': [
    BOUND,
    (world, { id }) => operate(world, `PUT ${KEYS}/${id}/ip-filter`, { ip_allow: ['10.0.0.0/8'] }),
  ],
  'is pinned to other operations': [
    BOUND,
    (world, { id }) => operate(world, `PUT ${KEYS}/${id}/endpoints`, { endpoints: ['tool.*'] }),
  ],
};

interface Reading {
  readonly path: string;
  readonly key: Key;
  readonly headers?: Readonly<Record<string, string>>;
}

const get = ({ server }: ServedWorld, { path, key, headers = {} }: Reading): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key.value}`, ...headers } });

/** What a caller keeps open, and the code it ends with. */
const OPEN: Readonly<Record<string, (world: ServedWorld, key: Key) => Promise<() => Promise<unknown>>>> = {
  'the stream of the project': async (world, key) => {
    const events = readEvents(await get(world, { path: '/v1/exec/executions/stream', key }));
    return async () => (await events.rest()).at(-1)?.data;
  },
  'the stream of a call': async (world, key) => {
    const { id } = await world.invoke({ tool: 'demo_effect' }, { key: world.seed.keys.operator });
    const events = readEvents(await get(world, { path: `/v1/exec/invocations/${id}/stream`, key }));
    await events.until('approval.requested');
    return async () => (await events.rest()).at(-1)?.data;
  },
  'a wait': async (world, key) => {
    const { id } = await world.invoke({ tool: 'demo_effect' }, { key: world.seed.keys.operator });
    const path = `/v1/exec/invocations/${id}`;
    const waiting = get(world, { path, key, headers: { prefer: 'wait=60' } });
    // Whoever takes the right away comes later than whoever waits.
    await (await get(world, { path, key })).json();
    return async () => (await waiting).json();
  },
};

const cases = Object.keys(OPEN).flatMap((what) => Object.keys(LOSSES).map((how) => [what, how] as const));

test.each(cases)('%s ends over its socket when its key %s', (what, how) =>
  inServedWorld(async (world) => {
    const key = await mint(world);
    const [code, lose] = LOSSES[how] ?? [];
    const end = await OPEN[what]?.(world, key);
    await lose?.(world, key);
    expect(await end?.()).toMatchObject({ error: { code } });
  }),
);

test('what is open goes on when its key is changed and still may', () =>
  inServedWorld(async (world) => {
    const key = await mint(world);
    const events = readEvents(await get(world, { path: '/v1/exec/executions/stream', key }));
    await operate(world, `PUT ${KEYS}/${key.id}/ip-filter`, { ip_allow: ['127.0.0.0/8'] });
    await operate(world, `POST ${KEYS}/${key.id}/rotate`, { grace_seconds: 30 });
    await world.clock.advance(29_999);
    const { id } = await world.invoke();
    await world.clock.advance(0);
    const seen = await events.until('invocation.created');
    expect(seen.at(-1)).toMatchObject({ data: { subject: { id } } });
    await world.clock.advance(1);
    expect((await events.rest()).at(-1)?.data).toMatchObject({ error: { code: GONE } });
  }));

test('a download is cut when its key is revoked, whatever its client reads', () =>
  inServedWorld(async (world) => {
    const key = await mint(world);
    const made = await world.invoke();
    await world.start(made);
    const block = Buffer.alloc(65_536, 1);
    for (let sent = 0; sent < 512; sent += 1) await world.write(made, 'stdout', block);
    await world.finish(made, { report: {} });
    const answer = await get(world, { path: `/v1/exec/executions/${made.execution_id}/raw`, key });
    expect(answer.status).toBe(200);
    await operate(world, `POST ${KEYS}/${key.id}/revoke`);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  }));

const EXPORTED_RUNS = 80;

/** Ended runs with arguments that no socket takes in at once. */
async function putLargeRuns({ services, seed, service }: ServedWorld): Promise<void> {
  const { store, clock, ids } = services;
  const place = { id: WorkspaceId.parse(seed.workspace_id), projectId: service.projectId };
  const agentId = makeAgentId({ clock, ids });
  const args = { text: 'x'.repeat(250_000) };
  await store.transact(async (tx) => {
    for (let nth = 0; nth < EXPORTED_RUNS; nth += 1) {
      const call = makeInvocation({ clock, ids }, place, { args, status: 'completed' });
      await tx.invocations.insert(call);
      await tx.executions.insert(makeExecution({ clock, ids }, call, { agentId, status: 'completed' }));
    }
  });
}

test.each(['is revoked', 'may be used from elsewhere only'])('an export is cut when its key %s', (how) =>
  inServedWorld(async (world) => {
    await putLargeRuns(world);
    const draft = { principal_id: world.service.actor.id, name: 'exports', scopes: ['management'] };
    const key = Key.parse(await operate(world, `POST ${KEYS}`, draft));
    const answer = await fetch(`${world.server.url}/v1/exports/executions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.value}` },
      body: '{}',
    });
    expect(answer.status).toBe(200);
    await LOSSES[how]?.[1](world, key);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  }),
);
