import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { MeshFile, runningMesh } from './mesh-file.ts';
import { placeOf } from './place.ts';
import { readProcess, signalProcess } from './process-table.ts';
import { Seed } from './seed.ts';
import { startFakeMesh, temporaryPlace } from './testing/fake-mesh.ts';

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('dev writes dev.json for its owner only, once everything is ready and not before', async () => {
  using place = temporaryPlace();
  const mesh = startFakeMesh(place);
  await mesh.said;
  const file = MeshFile.strict().parse(readJson(place.meshFile));
  expect(file).toMatchObject({
    project_id: 'prj_1',
    workspace_id: 'ws_00000001',
    agent_ids: ['agt_1'],
    effect_log: place.effectLog,
  });
  expect(file.router_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(file.mcp_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  expect(statSync(place.meshFile).mode & 0o777).toBe(0o600);
  expect(statSync(place.keysFile).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(place.logDir, 'mcp.log'), 'utf8')).toBe('dev.json is not there\n');
  await mesh.stop();
});

test('dev says where it is, three commands to try and how long it took', async () => {
  using place = temporaryPlace();
  const mesh = startFakeMesh(place);
  const said = await mesh.said;
  expect(said).toContain('after 1.2 s');
  expect(said.match(/xeroctl exec/g)).toHaveLength(3);
  expect(said).toContain(runningMesh(place)?.router_url);
  await mesh.stop();
});

test('dev leaves neither dev.json nor a process behind', async () => {
  using place = temporaryPlace();
  const mesh = startFakeMesh(place);
  await mesh.said;
  const { pids } = MeshFile.parse(readJson(place.meshFile));
  expect(await mesh.stop()).toBe(0);
  expect(existsSync(place.meshFile)).toBe(false);
  expect([pids.router, pids.mcp, ...pids.agents].map(readProcess)).toEqual([null, null, null]);
});

test('dev in a folder that is taken is refused and harms nothing', async () => {
  using place = temporaryPlace();
  const mesh = startFakeMesh(place);
  await mesh.said;
  const second = startFakeMesh(placeOf(place.dir));
  expect(await second.status).toBe(1);
  expect(await second.said).toContain('XEM_DEV_DIR');
  expect(runningMesh(place)).not.toBeNull();
  await mesh.stop();
});

test('dev deletes a stale dev.json before anything else', async () => {
  using place = temporaryPlace();
  writeFileSync(place.meshFile, '{"router_url":"stale"}');
  const mesh = startFakeMesh(place, { env: { FAKE_ADMIN: 'fails' } });
  await mesh.said;
  expect(existsSync(place.meshFile)).toBe(false);
  expect(await mesh.status).toBe(1);
});

test('dev takes ports, keys and the agent again at the next start, and mints one join key for all starts', async () => {
  using place = temporaryPlace();
  const first = startFakeMesh(place);
  await first.said;
  const before = MeshFile.parse(readJson(place.meshFile));
  await first.stop();
  const second = startFakeMesh(place);
  await second.said;
  const after = MeshFile.parse(readJson(place.meshFile));
  await second.stop();
  expect({ ...after, pids: null }).toEqual({ ...before, pids: null });
  expect(readFileSync(join(place.routerDir, 'minted'), 'utf8')).toBe(`Bearer ${before.keys.operator}\n`);
  expect(readFileSync(join(place.agentDir, 'identity'), 'utf8')).toBe('xjk_fake');
  expect(Seed.parse(readJson(place.keysFile)).keys).toEqual(before.keys);
});

test('dev lets an agent whose folder is gone enrol again, and begins anew when the router’s is', async () => {
  using place = temporaryPlace();
  const restart = async (): Promise<MeshFile> => {
    const mesh = startFakeMesh(place);
    await mesh.said;
    const file = MeshFile.parse(readJson(place.meshFile));
    await mesh.stop();
    return file;
  };
  const first = await restart();
  rmSync(place.agentDir, { recursive: true });
  const second = await restart();
  expect(second.keys).toEqual(first.keys);
  expect(readFileSync(join(place.routerDir, 'minted'), 'utf8').trim().split('\n')).toHaveLength(2);
  rmSync(place.routerDir, { recursive: true });
  const third = await restart();
  expect(third.keys).not.toEqual(first.keys);
  expect(readFileSync(join(place.routerDir, 'minted'), 'utf8')).toBe(`Bearer ${third.keys.operator}\n`);
});

test('dev stops everything when a service ends, and repeats its last words', async () => {
  using place = temporaryPlace();
  const mesh = startFakeMesh(place);
  await mesh.said;
  const { pids } = MeshFile.parse(readJson(place.meshFile));
  for (const pid of pids.agents) signalProcess(pid, 'SIGUSR2');
  expect(await mesh.status).toBe(1);
  expect(mesh.lines.at(-1)).toContain('agent ended with status 3');
  expect([pids.router, pids.mcp].map(readProcess)).toEqual([null, null]);
});

test('dev that cannot start a service says why and leaves nothing', async () => {
  using place = temporaryPlace();
  const mesh = startFakeMesh(place, { env: { FAKE_AGENT: 'crashes' } });
  expect(await mesh.status).toBe(1);
  expect(mesh.lines.join('\n')).toContain('the fake agent has no bundles');
  expect(existsSync(place.meshFile)).toBe(false);
});

test('dev kills a service that does not stop within five seconds', async () => {
  using place = temporaryPlace();
  const clock = virtualClock();
  const mesh = startFakeMesh(place, { clock, env: { FAKE_AGENT: 'stubborn' } });
  await mesh.said;
  const [agent = 0] = MeshFile.parse(readJson(place.meshFile)).pids.agents;
  const stopped = mesh.stop();
  for (let ms = 0; ms < 4900; ms += 100) await clock.advance(100);
  expect(readProcess(agent)).not.toBeNull();
  while (readProcess(agent)) await clock.advance(100);
  expect(await stopped).toBe(0);
});
