import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@xem/runtime';
import { expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { runningMesh, type MeshFile } from './mesh-file.ts';
import type { Place } from './place.ts';
import { readProcess } from './process-table.ts';
import { temporaryPlace } from './testing/fake-mesh.ts';

const FAKE_MAIN = fileURLToPath(new URL('testing/fake-main.ts', import.meta.url));
const environment = (place: Place): NodeJS.ProcessEnv => ({
  ...process.env,
  XEM_DEV_DIR: place.dir,
  XEM_DEV_PORT_BASE: '0',
});

/** Resolves when the banner is out. */
async function readyMesh(place: Place, child: ChildProcess): Promise<MeshFile> {
  for await (const text of child.stdout ?? []) if (String(text).includes('XEM is ready')) break;
  const mesh = runningMesh(place);
  if (!mesh) throw new Error('the banner is out and dev.json is not there');
  return mesh;
}

const startDev = (place: Place): ChildProcess =>
  spawn(process.execPath, [FAKE_MAIN], { env: environment(place), stdio: ['ignore', 'pipe', 'inherit'] });

const pidsOf = ({ pids }: MeshFile): readonly number[] => [pids.router, ...pids.agents, pids.mcp];

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('dev stops well on %s', async (signal) => {
  using place = temporaryPlace();
  const dev = startDev(place);
  const pids = pidsOf(await readyMesh(place, dev));
  dev.kill(signal);
  expect(await once(dev, 'exit')).toEqual([0, null]);
  expect(existsSync(place.meshFile)).toBe(false);
  expect(pids.filter(readProcess)).toEqual([]);
});

test('dev that is killed leaves no service, and the next start takes the folder at once', async () => {
  using place = temporaryPlace();
  const killed = startDev(place);
  const before = await readyMesh(place, killed);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const next = startDev(place);
  const after = await readyMesh(place, next);
  expect(pidsOf(before).filter(readProcess)).toEqual([]);
  expect(after.router_url).toBe(before.router_url);
  next.kill('SIGTERM');
  expect(await once(next, 'exit')).toEqual([0, null]);
});

test('dev stops when the package manager that started it dies without a word', async () => {
  using place = temporaryPlace();
  const npm = spawn('bash', ['-c', '"$0" "$1"; :', process.execPath, FAKE_MAIN], {
    argv0: 'npm',
    env: environment(place),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pids = pidsOf(await readyMesh(place, npm));
  npm.kill('SIGKILL');
  let lock = null;
  while (!(lock = await lockFolder(place.dir))) await systemClock().sleep(10);
  lock.close();
  expect(pids.filter(readProcess)).toEqual([]);
  expect(existsSync(place.meshFile)).toBe(false);
});

test('dev refuses a port base that is no port', async () => {
  using place = temporaryPlace();
  const dev = spawn(process.execPath, [FAKE_MAIN], {
    env: { ...environment(place), XEM_DEV_PORT_BASE: 'eighty' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const text of dev.stderr) said += String(text);
  expect(said).toMatch(/^XEM_DEV_PORT_BASE: /);
});
