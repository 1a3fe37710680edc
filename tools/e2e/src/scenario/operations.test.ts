import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiKey } from '@xem/protocol';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { call, send, type Role } from '../mesh/api.ts';
import { mintJoinKey } from '../mesh/intruder.ts';
import { ask, decide, run, settled } from '../mesh/invoke.ts';
import { metricsUrlOf } from '../mesh/metrics-url.ts';
import { meshDir, removeMesh, startMesh, type Mesh } from '../mesh/mesh.ts';
import { proves } from '../proves.ts';

const ARGUMENT = 'canary-argument-8c1f0a77';
const NOTE = 'canary-note-51be2290';
const FORGED = 'xero_demo_canary-key-0f6c9d31';
const COOKIE = 'canary-cookie-77aa01';

const Minted = ApiKey.extend({ value: z.string() });

let mesh: Mesh;
let metricsUrl: string;

beforeAll(async () => {
  mesh = await startMesh(await meshDir(), { XEM_LOG_LEVEL: 'debug', XEM_METRICS_PORT: '0' });
  metricsUrl = metricsUrlOf(mesh);
});

afterAll(async () => {
  await mesh.stop();
  await removeMesh(mesh.dir);
});

const logOf = (name: string): string => readFileSync(join(mesh.dir, 'log', name), 'utf8');

const metrics = async (as: Role = 'operator'): Promise<string> =>
  String((await call(mesh, { path: '/metrics', as })).body);

/** Sums the values of a series whose labels hold some words. */
const valueOf = (text: string, series: string, labels = ''): number =>
  text
    .split('\n')
    .filter((line) => line.startsWith(series) && line.includes(labels) && /^[a-z_]+(?:\{|\s)/.test(line))
    .filter((line) => line.slice(series.length).startsWith('{') || line.slice(series.length).startsWith(' '))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);

const SERIES = [
  ['xem_invocations_created_total', 'risk="read"'],
  ['xem_invocations_ended_total', 'status="completed"'],
  ['xem_invocations_ended_total', 'status="rejected"'],
  ['xem_dispatches_total', ''],
  ['xem_approvals_total', 'event="requested"'],
  ['xem_dispatch_wait_seconds_count', ''],
  ['xem_output_bytes_total', 'stream="stdout"'],
] as const;

const countsOf = (text: string): readonly number[] =>
  SERIES.map(([series, labels]) => valueOf(text, series, labels));

proves(
  'metrics.count',
  'calls, dispatches, approvals and bytes, for the project and its operator',
  async () => {
    const before = { project: countsOf(await metrics()), all: await (await fetch(metricsUrl)).text() };
    for (const text of ['one', 'three']) await run(mesh, { tool: 'demo_echo', args: { text } });
    const asked = await ask(mesh, { tool: 'demo_effect' });
    await decide(mesh, asked.approval?.id ?? '', { verb: 'reject' });
    await settled(mesh, asked.id);
    const bytes = '{"text":"one"}'.length + '{"text":"three"}'.length;
    const grown = countsOf(await metrics()).map((value, nth) => value - (before.project[nth] ?? 0));
    expect(grown.slice(0, -1)).toEqual([2, 2, 1, 2, 1, 2]);
    expect(grown.at(-1)).toBeGreaterThanOrEqual(bytes);
    const all = await (await fetch(metricsUrl)).text();
    const created = ['xem_http_requests_total', 'operation="invocation.create"'] as const;
    expect(valueOf(all, ...created) - valueOf(before.all, ...created)).toBe(3);
    expect(valueOf(all, 'xem_agents', 'state="connected"')).toBe(1);
    expect(valueOf(all, 'process_resident_memory_bytes')).toBeGreaterThan(1e7);
  },
);

proves('metrics.count', 'a key of another project reads its own', async () => {
  await run(mesh, { tool: 'demo_noop' });
  const foreign = await metrics('other_project');
  expect(valueOf(foreign, 'xem_invocations_created_total')).toBe(0);
  expect(valueOf(foreign, 'xem_agents')).toBe(0);
  expect(foreign).not.toContain('xem_http_');
  expect((await call(mesh, { path: '/metrics', as: null })).status).toBe(401);
  expect((await call(mesh, { path: '/metrics', as: 'service' })).status).toBe(403);
});

/** Does what has a secret in it, well and badly, and answers the secrets that came of it. */
async function plant(): Promise<readonly string[]> {
  await run(mesh, { tool: 'demo_echo', args: { text: ARGUMENT } });
  const gated = await ask(mesh, { tool: 'demo_effect', args: { text: ARGUMENT } });
  await decide(mesh, gated.approval?.id ?? '', { verb: 'approve', body: { note: NOTE } });
  await settled(mesh, gated.id);
  const { value: joinKey = '' } = await mintJoinKey(mesh);
  const body = { name: 'canary', principal_id: (await whoAmI()).id, scopes: ['execution'] };
  const minted = await call(mesh, { method: 'POST', path: '/v1/management/api-keys', body });
  const key = Minted.parse(minted.body).value;
  await send(mesh, { path: '/v1/whoami', headers: { authorization: `Bearer ${FORGED}` }, as: null });
  await send(mesh, { path: '/v1/whoami', headers: { cookie: `session=${COOKIE}` }, as: null });
  await send(mesh, { path: `/v1/exec/invocations?after=${ARGUMENT}` });
  const wrong = { workspace_id: mesh.facts.workspace_id, tool: 'demo_echo', args: ARGUMENT };
  await send(mesh, { method: 'POST', path: '/v1/exec/invocations', body: wrong });
  return [joinKey ?? '', key];
}

async function whoAmI(): Promise<{ id: string }> {
  const { body } = await call(mesh, { path: '/v1/whoami' });
  return z.object({ principal: z.object({ id: z.string() }) }).parse(body).principal;
}

proves('logs.no-secrets', 'after calls, decisions, keys and refusals at the level debug', async () => {
  const made = await plant();
  const journal = JSON.stringify((await call(mesh, { path: '/v1/exec/journal?limit=100' })).body);
  const told = {
    log: readdirSync(join(mesh.dir, 'log')).map(logOf).join('\n'),
    journal,
    metrics: await (await fetch(metricsUrl)).text(),
  };
  expect(told.log).toContain('http.answered');
  expect(told.log).toContain('"code":"authentication_required"');
  const planted = [ARGUMENT, FORGED, COOKIE, ...made, ...Object.values(mesh.facts.keys)];
  const leaks = planted.flatMap((secret) =>
    Object.entries(told).flatMap(([where, text]) => (text.includes(secret) ? [`${secret} in ${where}`] : [])),
  );
  expect(leaks).toEqual([]);
  expect(told.log + told.metrics).not.toContain(NOTE);
});
