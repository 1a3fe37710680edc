import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, Invocation } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { partsOfMesh, type Part, type PartsOfMesh } from '../mesh/apart.ts';
import { doorIn, type Door } from '../mesh/door.ts';
import { until } from '../mesh/mesh.ts';
import { proves } from '../proves.ts';

const clock = systemClock();
const Agents = z.object({ data: z.array(Agent) });
const Told = z.object({ data_endpoints: z.array(z.string()) });
const DEAD = 'tcp://127.0.0.1:1';

async function laidOut(): Promise<PartsOfMesh> {
  const mesh = await partsOfMesh();
  onTestFinished(() => mesh.close());
  return mesh;
}

async function agents(mesh: PartsOfMesh): Promise<readonly Agent[]> {
  const answer = await mesh.request('GET', '/v1/exec/agents');
  return Agents.parse(await answer.json()).data;
}

const connected = (mesh: PartsOfMesh): Promise<void> =>
  until('the session of the agent', async () =>
    (await agents(mesh)).some(({ connection }) => connection.state === 'connected'),
  );

const post = (mesh: PartsOfMesh, body: object, headers = {}): Promise<Response> =>
  mesh.request('POST', '/v1/exec/invocations', {
    body: { workspace_id: mesh.workspaceId, ...body },
    headers,
  });

/** Asks for a run that lasts until its door is open. */
async function invoke(mesh: PartsOfMesh, { args }: Door): Promise<Invocation> {
  const answer = await post(mesh, { tool: 'door_read', args });
  expect(answer.status).toBe(201);
  return Invocation.parse(await answer.json());
}

async function read(mesh: PartsOfMesh, id: string, headers = {}): Promise<Invocation> {
  const answer = await mesh.request('GET', `/v1/exec/invocations/${id}`, { headers });
  return Invocation.parse(await answer.json());
}

const running = (mesh: PartsOfMesh, id: string): Promise<void> =>
  until('the run', async () => (await read(mesh, id)).status === 'running');

/** Less than what a stop must not wait for: callers wait for a minute, and runs do not end. */
const SOON_MS = 30_000;

/** Tells a part to stop, and answers what it ends with. */
async function terminate({ child, ended }: Part): Promise<{ code: number | null; soon: boolean }> {
  const startedAt = clock.monotonic();
  child.kill('SIGTERM');
  const { code } = await ended;
  return { code, soon: clock.monotonic() - startedAt < SOON_MS };
}

proves(
  'drain.router',
  'a caller that waits sees its end, everybody else is sent away meanwhile',
  async () => {
    const mesh = await laidOut();
    const router = await mesh.startRouter();
    await mesh.startAgent();
    await connected(mesh);
    const [brief, late] = [doorIn(mesh, 'brief'), doorIn(mesh, 'late')];
    const waiting = post(mesh, { tool: 'door_read', args: brief.args }, { prefer: 'wait=60' });
    const long = await invoke(mesh, late);
    await running(mesh, long.id);
    const stopped = terminate(router);
    await until('the end of readiness', async () => {
      const { status } = await mesh.request('GET', '/readyz');
      return status === 503;
    });
    const refused = await post(mesh, { tool: 'demo_noop', args: {} });
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);
    expect(await refused.json()).toMatchObject({ error: { code: 'unavailable' } });
    brief.open();
    const answer = await waiting;
    expect([answer.status, Invocation.parse(await answer.json()).status]).toEqual([200, 'completed']);
    expect(await stopped).toEqual({ code: 0, soon: true });
    await mesh.startRouter();
    await connected(mesh);
    late.open();
    expect(await read(mesh, long.id, { prefer: 'wait=30' })).toMatchObject({
      status: 'completed',
      attempt: 1,
    });
  },
);

proves('drain.router', 'a caller whose call goes on is answered with what there is', async () => {
  const mesh = await laidOut();
  const router = await mesh.startRouter({ XEM_SHUTDOWN_GRACE_SECONDS: '1' });
  await mesh.startAgent();
  await connected(mesh);
  const { id } = await invoke(mesh, doorIn(mesh, 'closed'));
  await running(mesh, id);
  const waiting = mesh.request('GET', `/v1/exec/invocations/${id}`, { headers: { prefer: 'wait=60' } });
  await mesh.request('GET', '/healthz');
  expect(await terminate(router)).toEqual({ code: 0, soon: true });
  expect(Invocation.parse(await (await waiting).json()).status).toBe('running');
});

/** A target of webhooks that takes requests and never answers. */
async function silentTarget(): Promise<{ url: string; wasAsked: () => boolean }> {
  let asked = 0;
  const server = createServer(() => (asked += 1)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}/hook`, wasAsked: () => asked > 0 };
}

proves('drain.router', 'streams, waits, a run and a webhook that hangs hold no stop up', async () => {
  const mesh = await laidOut();
  const router = await mesh.startRouter({
    XEM_SHUTDOWN_GRACE_SECONDS: '1',
    XEM_WEBHOOK_ALLOW_PRIVATE: 'true',
  });
  await mesh.startAgent();
  await connected(mesh);
  const target = await silentTarget();
  const made = await mesh.request('POST', '/v1/webhooks', { body: { url: target.url } });
  expect(made.status).toBe(201);
  const stream = await mesh.request('GET', '/v1/exec/executions/stream');
  const { id } = await invoke(mesh, doorIn(mesh, 'closed'));
  await running(mesh, id);
  await until('a webhook that waits for its answer', target.wasAsked);
  const waiting = mesh.request('GET', `/v1/exec/invocations/${id}`, { headers: { prefer: 'wait=60' } });
  await mesh.request('GET', '/healthz');
  expect(await terminate(router)).toEqual({ code: 0, soon: true });
  expect(Invocation.parse(await (await waiting).json()).status).toBe('running');
  expect(await stream.text()).toContain('invocation.started');
});

proves('drain.agent', 'what runs is finished, what is new waits for the agent to come back', async () => {
  const mesh = await laidOut();
  await mesh.startRouter();
  const agent = await mesh.startAgent();
  await connected(mesh);
  const [door, open] = [doorIn(mesh, 'last'), doorIn(mesh, 'next')];
  open.open();
  const last = await invoke(mesh, door);
  await running(mesh, last.id);
  const stopped = terminate(agent);
  await until('an agent without slots', async () => (await agents(mesh))[0]?.capacity.slots === 0);
  const next = await invoke(mesh, open);
  door.open();
  expect(await read(mesh, last.id, { prefer: 'wait=30' })).toMatchObject({ status: 'completed', attempt: 1 });
  expect((await stopped).code).toBe(0);
  expect(await read(mesh, next.id)).toMatchObject({ status: 'queued', attempt: 0 });
  await until('a line that is down', async () =>
    (await agents(mesh)).every(({ connection }) => connection.state === 'disconnected'),
  );
  await mesh.startAgent({ XEM_JOIN_KEY: '' });
  expect(await read(mesh, next.id, { prefer: 'wait=30' })).toMatchObject({ status: 'completed', attempt: 1 });
});

proves('drain.agent', 'a run that outlasts the grace goes on, and is found again', async () => {
  const mesh = await laidOut();
  await mesh.startRouter();
  const agent = await mesh.startAgent({ XEM_SHUTDOWN_GRACE_SECONDS: '1' });
  await connected(mesh);
  const door = doorIn(mesh, 'outlasting');
  const { id } = await invoke(mesh, door);
  await running(mesh, id);
  expect(await terminate(agent)).toMatchObject({ code: 0 });
  await mesh.startAgent({ XEM_JOIN_KEY: '' });
  door.open();
  expect(await read(mesh, id, { prefer: 'wait=30' })).toMatchObject({ status: 'completed', attempt: 1 });
});

proves(
  'endpoints.several',
  'enrolment tells all, and a dead one that stands first costs nothing',
  async () => {
    const mesh = await laidOut();
    await mesh.startRouter({ XEM_MESH_PUBLIC_ENDPOINTS: `${DEAD}, tcp://127.0.0.1:2` });
    const first = await mesh.startAgent();
    await connected(mesh);
    const { data_endpoints: told } = Told.parse(mesh.identity());
    expect(told.slice(1)).toEqual([DEAD, 'tcp://127.0.0.1:2']);
    expect(await terminate(first)).toMatchObject({ code: 0 });
    await mesh.startAgent({ XEM_JOIN_KEY: '', XEM_ROUTER_URL: `${DEAD}, ${told[0]}` });
    await connected(mesh);
    expect(readFileSync(join(mesh.dir, 'agent.log'), 'utf8')).not.toContain('handshake_timeout');
  },
);
