import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { call } from '../mesh/api.ts';
import { run } from '../mesh/invoke.ts';
import { isAlive, pidsOf, readFacts, removeMesh, startMesh, type Mesh } from '../mesh/mesh.ts';
import { proves } from '../proves.ts';

const folders = new Set<string>();
const running = new Set<Mesh>();

async function start(dir?: string): Promise<Mesh> {
  const mesh = await startMesh(dir);
  folders.add(mesh.dir);
  running.add(mesh);
  return mesh;
}

async function stop(mesh: Mesh): Promise<void> {
  running.delete(mesh);
  await mesh.stop();
}

afterEach(async () => {
  for (const mesh of running) await stop(mesh);
  for (const dir of folders) await removeMesh(dir);
  folders.clear();
});

proves('dev.contract', 'members, mode, processes, keys and what they may', async () => {
  const mesh = await start();
  const file = join(mesh.dir, 'dev.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFacts(mesh.dir)).toEqual(mesh.facts);
  expect(pidsOf(mesh.facts).every(isAlive)).toBe(true);
  const rights = {
    operator: { kind: 'human', can_decide: true, scopes: 4 },
    approver: { kind: 'human', can_decide: true, scopes: 1 },
    service: { kind: 'service', can_decide: false, scopes: 2 },
    inference: { kind: 'service', can_decide: false, scopes: 1 },
  } as const;
  for (const as of ['operator', 'approver', 'service', 'inference'] as const) {
    const { kind, can_decide, scopes } = rights[as];
    const { body } = await call(mesh, { path: '/v1/whoami', as });
    expect(body).toMatchObject({ principal: { kind }, can_decide, project: { id: mesh.facts.project_id } });
    expect(body).toHaveProperty('scopes.length', scopes);
  }
  const other = await call(mesh, { path: '/v1/whoami', as: 'other_project' });
  expect(other.body).not.toMatchObject({ project: { id: mesh.facts.project_id } });
  await stop(mesh);
  expect(existsSync(file)).toBe(false);
});

proves('dev.restart', 'ports, ids, keys, history and the agent’s identity', async () => {
  const before = await start();
  const ended = await run(before, { tool: 'demo_echo', args: { kept: true } });
  await stop(before);
  const after = await start(before.dir);
  const { pids: _before, ...same } = before.facts;
  expect(after.facts).toMatchObject(same);
  const found = await call(after, { path: `/v1/exec/invocations/${ended.id}` });
  expect(found.body).toMatchObject({ id: ended.id, status: 'completed' });
  expect((await run(after, { tool: 'demo_noop' })).status).toBe('completed');
});

proves('dev.side-by-side', 'a call on each, and neither knows the other’s', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  const [first, second] = await Promise.all([
    run(one, { tool: 'demo_noop' }),
    run(two, { tool: 'demo_noop' }),
  ]);
  expect([first.status, second.status]).toEqual(['completed', 'completed']);
  expect((await call(two, { path: `/v1/exec/invocations/${first.id}` })).status).toBe(404);
});

proves('dev.leaves-nothing', 'Ctrl-C, and a supervisor that is killed outright', async () => {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const mesh = await start();
    mesh.supervisor.kill(signal);
    await stop(mesh);
    expect(pidsOf(mesh.facts).filter(isAlive)).toEqual([]);
  }
});
