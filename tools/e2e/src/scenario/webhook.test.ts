import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Agent,
  Invocation,
  Webhook,
  WebhookBody,
  WebhookDelivery,
  WebhookTest,
  Workspace,
} from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { partsOfMesh, type Part, type PartsOfMesh } from '../mesh/apart.ts';
import { until } from '../mesh/mesh.ts';
import { openReceiver, signatureOf, type Arrival } from '../mesh/receiver.ts';
import { proves } from '../proves.ts';

const GUIDE = new URL('../../../../docs/guide/webhooks.md', import.meta.url);
const OPEN = { XEM_WEBHOOK_ALLOWED_HOSTS: '127.0.0.0/8' };
const SECRET = "a secret of one's own".replaceAll(' ', '-');
const clock = systemClock();

const Agents = z.object({ data: z.array(Agent) });
const Deliveries = z.object({ data: z.array(WebhookDelivery) });

async function laidOut(): Promise<PartsOfMesh> {
  const mesh = await partsOfMesh();
  onTestFinished(() => mesh.close());
  return mesh;
}

/** A router that may reach this machine, and an agent. */
async function running(): Promise<{ mesh: PartsOfMesh; router: Part }> {
  const mesh = await laidOut();
  const router = await mesh.startRouter(OPEN);
  await mesh.startAgent();
  await until('the session of the agent', async () => {
    const { data } = Agents.parse(await (await mesh.request('GET', '/v1/exec/agents')).json());
    return data.some(({ connection }) => connection.state === 'connected');
  });
  return { mesh, router };
}

async function subscribe(mesh: PartsOfMesh, body: object): Promise<Webhook> {
  const answer = await mesh.request('POST', '/v1/webhooks', { body });
  if (answer.status !== 201) throw new Error(await answer.text());
  return Webhook.parse(await answer.json());
}

async function invoke(mesh: PartsOfMesh): Promise<Invocation> {
  const body = { workspace_id: mesh.workspaceId, tool: 'demo_noop', args: {} };
  const answer = await mesh.request('POST', '/v1/exec/invocations', { body, headers: { prefer: 'wait=30' } });
  return Invocation.parse(await answer.json());
}

async function makeWorkspace(mesh: PartsOfMesh, name: string): Promise<Workspace> {
  return Workspace.parse(await (await mesh.request('POST', '/v1/workspaces', { body: { name } })).json());
}

const about = (arrivals: readonly Arrival[], id: string): readonly Arrival[] =>
  arrivals.filter(({ event: { data } }) => data.invocation_id === id || data.workspace_id === id);

const typesOf = (arrivals: readonly Arrival[]): readonly string[] => arrivals.map(({ event }) => event.type);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Runs the receiver that the guide prints, as it is printed. */
async function receiverOfTheGuide(
  secret: string,
): Promise<{ url: string; events: () => readonly WebhookBody[] }> {
  const [, program = ''] = /```js\n(.*?)```/s.exec(readFileSync(GUIDE, 'utf8')) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'xem-receiver-'));
  writeFileSync(join(folder, 'receiver.mjs'), program);
  const port = await freePort();
  const env = { PORT: `${port}`, WEBHOOK_SECRET: secret };
  const child = spawn(process.execPath, [join(folder, 'receiver.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  child.stdout.on('data', (piece: Buffer) => said.push(String(piece)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}/`;
  await until('the receiver', async () => {
    const answer = await fetch(url, { method: 'POST', body: '{}' }).catch(() => null);
    return answer?.status === 401;
  });
  const lines = (): readonly string[] => said.join('').split('\n').filter(Boolean);
  return { url, events: () => lines().map((line) => WebhookBody.parse(JSON.parse(line))) };
}

proves('webhook.signature', 'with a test call, a run, and forged messages', async () => {
  const { mesh } = await running();
  const receiver = await receiverOfTheGuide(SECRET);
  const hook = await subscribe(mesh, { url: receiver.url, secret: SECRET });
  const tested = await mesh.request('POST', `/v1/webhooks/${hook.id}/test`, { body: {} });
  expect(WebhookTest.parse(await tested.json())).toMatchObject({ delivered: true, response_status: 204 });
  const call = await invoke(mesh);
  await until('the events', () => receiver.events().length === 3);
  expect(receiver.events()).toMatchObject([
    { type: 'exec.test', data: { seq: 0 } },
    { type: 'exec.dispatched', data: { invocation_id: call.id, status: 'dispatched' } },
    { type: 'exec.completed', data: { invocation_id: call.id, tool: 'demo_noop', status: 'completed' } },
  ]);
  const forged = JSON.stringify({ ...receiver.events()[2], type: 'exec.failed' });
  const now = String(Math.floor(clock.now() / 1000));
  const old = String(Math.floor(clock.now() / 1000) - 3600);
  const headers = [
    { 'x-webhook-timestamp': now, 'x-webhook-signature': signatureOf('another', now, forged) },
    { 'x-webhook-timestamp': old, 'x-webhook-signature': signatureOf(SECRET, old, forged) },
    { 'x-webhook-timestamp': now, 'x-webhook-signature': signatureOf(SECRET, old, forged) },
    { 'x-webhook-timestamp': now },
  ];
  for (const each of headers)
    expect((await fetch(receiver.url, { method: 'POST', headers: each, body: forged })).status).toBe(401);
  const signed = { 'x-webhook-timestamp': now, 'x-webhook-signature': signatureOf(SECRET, now, forged) };
  expect((await fetch(receiver.url, { method: 'POST', headers: signed, body: forged })).status).toBe(204);
  expect(receiver.events()).toHaveLength(3);
  await mesh.request('POST', `/v1/webhooks/${hook.id}/rotate-secret`, { body: {} });
  const refused = await mesh.request('POST', `/v1/webhooks/${hook.id}/test`, { body: {} });
  expect(WebhookTest.parse(await refused.json())).toMatchObject({ delivered: false, response_status: 401 });
});

proves('webhook.order', 'one call whose first event fails, beside others', async () => {
  const { mesh } = await running();
  let failing: string | null = null;
  const receiver = await openReceiver(({ event }) => {
    failing ??= event.id;
    const isSecond = receiver.arrivals.some((earlier) => earlier.event.id === event.id);
    return event.id === failing && !isSecond ? 503 : 200;
  });
  const hook = await subscribe(mesh, { url: receiver.url });
  const first = await invoke(mesh);
  const others = [await invoke(mesh), await invoke(mesh)];
  await until('the events of the others', () =>
    others.every(({ id }) => about(receiver.arrivals, id).length === 2),
  );
  expect(typesOf(about(receiver.arrivals, first.id))).toEqual(['exec.dispatched']);
  await until('the events of the first', () => about(receiver.arrivals, first.id).length === 3);
  const [tried, again, ended] = about(receiver.arrivals, first.id);
  expect([again?.event.id, ended?.event.type]).toEqual([tried?.event.id, 'exec.completed']);
  for (const { id } of others)
    expect(typesOf(about(receiver.arrivals, id))).toEqual(['exec.dispatched', 'exec.completed']);
  await until('the records', async () => {
    const answer = await mesh.request('GET', `/v1/webhooks/${hook.id}/deliveries?status=delivered`);
    return Deliveries.parse(await answer.json()).data.length === 6;
  });
  const answer = await mesh.request('GET', `/v1/webhooks/${hook.id}/deliveries`);
  const { data } = Deliveries.parse(await answer.json());
  expect(data.map(({ attempts }) => attempts).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 1, 1, 2]);
});

proves(
  'webhook.at-least-once',
  'kill -9 between the sending and the record of it, and after downtime',
  async () => {
    const { mesh, router } = await running();
    let answers = false;
    const receiver = await openReceiver(() => (answers ? 200 : null));
    await subscribe(mesh, { url: receiver.url, events: ['exec.completed', 'exec.workspace_created'] });
    const call = await invoke(mesh);
    const made = await makeWorkspace(mesh, 'in the same moment');
    await until('the first messages', () => receiver.arrivals.length === 2);
    router.child.kill('SIGKILL');
    await router.ended;
    answers = true;
    await mesh.startRouter(OPEN);
    await until('the same again', () => receiver.arrivals.length === 4);
    for (const { id } of [call, made]) {
      const [before, after] = about(receiver.arrivals, id);
      expect(after?.event).toEqual(before?.event);
      expect(after?.headers['x-webhook-id']).toBe(before?.event.id);
    }
    const later = await makeWorkspace(mesh, 'later');
    await until('the next', () => receiver.arrivals.length === 5);
    expect(about(receiver.arrivals, later.id)).toHaveLength(1);
  },
);

proves('webhook.hanging', 'two that never answer, and one that does', async () => {
  const mesh = await laidOut();
  await mesh.startRouter(OPEN);
  const hanging = [await openReceiver(() => null), await openReceiver(() => null)];
  const sound = await openReceiver(() => 200);
  for (const { url } of [...hanging, sound]) await subscribe(mesh, { url });
  for (let nth = 0; nth < 50; nth += 1) await makeWorkspace(mesh, `w${nth}`);
  await until('all events at the sound one', () => sound.arrivals.length === 50);
  for (const { arrivals } of hanging) {
    await until('the first events at one that hangs', () => arrivals.length >= 8);
    expect(arrivals.length).toBeLessThan(50);
  }
});

const PRIVATE = [
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://[::ffff:127.0.0.1]/',
  'https://localhost./',
  'https://169.254.169.254/latest/meta-data',
  'https://10.0.0.8/',
  'http://hooks.example.com/',
];

proves(
  'webhook.private',
  'when it is made, when it is changed, and for one that was allowed before',
  async () => {
    const mesh = await laidOut();
    const open = await mesh.startRouter(OPEN);
    const receiver = await openReceiver(() => 200);
    const hook = await subscribe(mesh, { url: receiver.url });
    open.child.kill('SIGTERM');
    await open.ended;
    await mesh.startRouter();
    for (const url of PRIVATE) {
      const answer = await mesh.request('POST', '/v1/webhooks', { body: { url } });
      expect([url, answer.status]).toEqual([url, 400]);
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid_body', param: '/url' } });
    }
    const tested = await mesh.request('POST', `/v1/webhooks/${hook.id}/test`, { body: {} });
    expect(WebhookTest.parse(await tested.json())).toMatchObject({ delivered: false, response_status: null });
    await makeWorkspace(mesh, 'unsent');
    await until('the failed attempt', async () => {
      const answer = await mesh.request('GET', `/v1/webhooks/${hook.id}/deliveries`);
      const { data } = Deliveries.parse(await answer.json());
      return data.some(({ attempts, error }) => attempts === 1 && error !== null);
    });
    expect(receiver.arrivals).toEqual([]);
  },
);
