import { rm } from 'node:fs/promises';
import { Agent, Invocation } from '@xem/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '../check/check.ts';
import { openLoad } from '../load/load.ts';
import { drain, evidenceOf, probe, type Trial } from '../scenario/world.ts';
import { chanceOf } from '../seed.ts';
import { startContainerMesh, type ContainedAgent, type ContainerMesh } from './container-mesh.ts';

const START_MS = 180_000;
const RUN_MS = 300_000;
const LOOK_MS = 200;

let mesh: ContainerMesh;
let trial: Trial;

beforeAll(async () => {
  mesh = await startContainerMesh();
  const chance = chanceOf('containers');
  trial = { mesh, chance, load: openLoad(mesh, chance.fork('load')) };
}, START_MS);

afterAll(() => mesh.stop(), START_MS);

async function agentNamed({ name, key }: ContainedAgent): Promise<Agent> {
  const { body } = await mesh.call({ path: '/v1/exec/agents?limit=100', key });
  const agents = typeof body === 'object' && body !== null && 'data' in body ? body.data : [];
  const found = Agent.array()
    .parse(agents)
    .find(({ registration_name: own }) => own === name);
  if (!found) throw new Error(`there is no agent ${name}`);
  return found;
}

async function untilStatus(agent: ContainedAgent, status: Agent['status']): Promise<void> {
  while ((await agentNamed(agent)).status !== status) await mesh.clock.sleep(LOOK_MS);
}

const northOf = ({ agents }: ContainerMesh): ContainedAgent => {
  const [north] = agents;
  if (!north) throw new Error('the mesh has no agent');
  return north;
};

/** Starts a run on one agent and no other. */
async function runOn(agent: ContainedAgent, seconds: number): Promise<Invocation> {
  const { id } = await agentNamed(agent);
  const [{ workspace: workspace_id, caller: key }] = mesh.tenants;
  const body = { workspace_id, tool: 'demo_sleep', args: { seconds }, agent_id: id };
  const answer = await mesh.call({ method: 'POST', path: '/v1/exec/invocations', key, body });
  return Invocation.parse(answer.body);
}

async function endOf({ id }: Invocation): Promise<Invocation> {
  const [{ caller: key }] = mesh.tenants;
  const path = `/v1/exec/invocations/${id}`;
  const answer = await mesh.call({ path, key, headers: { prefer: 'wait=30' }, timeoutMs: 40_000 });
  return Invocation.parse(answer.body);
}

test('three agents in containers of their own serve the mesh', { timeout: RUN_MS }, async () => {
  for (const agent of mesh.agents) await untilStatus(agent, 'online');
  trial.load.start();
  await probe(trial, 'start');
});

test(
  'an agent whose network is cut is missed, and its run outlives the cut',
  { timeout: RUN_MS },
  async () => {
    const north = northOf(mesh);
    const run = await runOn(north, 8);
    await north.cut();
    await untilStatus(north, 'offline');
    await probe(trial, 'cut');
    await north.restore();
    await untilStatus(north, 'online');
    expect(await endOf(run)).toMatchObject({ status: 'completed' });
    await probe(trial, 'restored');
  },
);

test('a router that is killed finds its agents and its work again', { timeout: RUN_MS }, async () => {
  await mesh.killRouter();
  for (const agent of mesh.agents) await untilStatus(agent, 'online');
  await probe(trial, 'killed');
});

test('nothing was lost, doubled or leaked in all that', { timeout: RUN_MS }, async () => {
  await drain(trial);
  const found = evidenceOf(trial);
  const violations = check(found);
  expect({ violations, mishaps: trial.load.mishaps, dir: mesh.dir }).toMatchObject({
    violations: [],
    mishaps: [],
  });
  expect(found.effects.length).toBeGreaterThan(5);
  await rm(mesh.dir, { recursive: true, force: true });
});
