import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JoinKey } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { processorMs } from './cpu.ts';
import { startAgents, type Agents } from './fleet/children.ts';
import { enlist, FLEET_TOOL } from './fleet/enlist.ts';
import { seedRouter, startRouter, type RouterProcess } from './fleet/router-process.ts';
import { governedCall } from './contestant/governed-call.ts';
import { closedLoop } from './load/closed-loop.ts';
import { httpDriver } from './load/http.ts';
import { residentBytes } from './resident.ts';

const REST_MS = 10_000;
const CALLS = 2000;
const CLIENTS = 32;
const KIB = 1024;

const clock = systemClock();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Seed = Awaited<ReturnType<typeof seedRouter>>;

/** Keys of the router that agents pin; a join key tells them. */
async function routerKeys(router: RouterProcess, { keys }: Seed) {
  const answer = await fetch(`${router.http_url}/v1/management/join-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const { router_curve_key: routerCurveKey, router_signing_key: routerSigningKey } = JoinKey.parse(
    await answer.json(),
  );
  return { routerCurveKey, routerSigningKey };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = clock.monotonic();
  await work();
  return clock.monotonic() - startedAt;
}

/** What the router does while nobody asks for anything. */
async function atRest({ pid }: RouterProcess, agents: number): Promise<void> {
  const before = processorMs(pid);
  await clock.sleep(REST_MS);
  const share = ((processorMs(pid) - before) / REST_MS) * 100;
  say(`at rest with ${agents} agents: ${share.toFixed(1)} % of a core`);
}

async function callThem(router: RouterProcess, { keys, workspace_id }: Seed): Promise<void> {
  const call = governedCall({ router_url: router.http_url, workspace_id, keys }, FLEET_TOOL);
  const driver = httpDriver({ ...call, keyHeader: null });
  let called = 0;
  const done = await closedLoop({
    clock,
    clients: CLIENTS,
    call: () => driver.call((called += 1)),
    goesOn: (begun) => begun < CALLS,
  });
  driver.rest();
  const { callsPerSecond, p50Ms, p99Ms } = done;
  say(
    `${CALLS} calls from ${CLIENTS} clients, spread over them: ${callsPerSecond.toFixed(0)}/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`,
  );
}

async function killAndCount(router: RouterProcess, dataDir: string, agents: Agents): Promise<RouterProcess> {
  const count = agents.open();
  const killedAt = clock.monotonic();
  await router.kill();
  const again = await startRouter(dataDir, router);
  const readyMs = clock.monotonic() - killedAt;
  await agents.reach(count);
  const backMs = clock.monotonic() - killedAt;
  say(`kill -9: ready again after ${readyMs.toFixed(0)} ms, all ${count} back after ${backMs.toFixed(0)} ms`);
  return again;
}

async function run(count: number, dataDir: string): Promise<void> {
  const seed = await seedRouter(dataDir);
  const names = Array.from({ length: count }, (_, nth) => `fleet-${nth}`);
  const { project_id: projectId, workspace_id: workspaceId } = seed;
  const manifestHash = await enlist({ dataDir, projectId, workspaceId, names });
  let router = await startRouter(dataDir);
  const alone = residentBytes(router.pid);
  const task = { names, manifestHash, endpoint: router.data_endpoint, ...(await routerKeys(router, seed)) };
  const agents = startAgents(clock, task);
  try {
    const connectMs = await timed(() => agents.reach(count));
    say(`${count} agents connected after ${connectMs.toFixed(0)} ms, the start of their processes included`);
    await atRest(router, count);
    const perAgent = (residentBytes(router.pid) - alone) / count / KIB;
    say(`resident: ${perAgent.toFixed(0)} KiB per agent over ${(alone / KIB / KIB).toFixed(0)} MiB`);
    await callThem(router, seed);
    router = await killAndCount(router, dataDir, agents);
    await callThem(router, seed);
  } finally {
    agents.stop();
    await router.kill();
  }
}

const { values } = parseArgs({ options: { agents: { type: 'string', default: '1000' } } });
const dataDir = await mkdtemp(join(tmpdir(), 'xem-fleet-'));
say(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
try {
  await run(Number(values.agents), join(dataDir, 'router'));
} finally {
  await rm(dataDir, { recursive: true, force: true });
  say(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
}
