import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { SHIPPED, type ProgramName } from './program.ts';
import { ship } from './ship.ts';

const run = promisify(execFile);

async function shipped(name: ProgramName): Promise<{ folder: string; dist: string }> {
  const dist = await mkdtemp(join(tmpdir(), 'xem-ship-'));
  onTestFinished(() => rm(dist, { recursive: true, force: true }));
  return { folder: await ship(name, dist), dist };
}

test.each<ProgramName>(['router', 'agent'])('ship makes a folder that %s runs from alone', async (name) => {
  const { folder } = await shipped(name);
  const { stdout } = await run(join(folder, 'bin', `xem-${name}`), ['--help'], { cwd: '/' });
  expect(stdout).toContain(`xem-${name}`);
  expect(await readdir(join(folder, 'node_modules'))).toEqual(
    expect.arrayContaining(Object.keys(SHIPPED[name].external)),
  );
});

test('ship brings what a router needs to make its database', async () => {
  const { folder, dist } = await shipped('router');
  const args = ['admin', 'create-human', '--name', 'ops', '--data-dir', join(dist, 'data')];
  const { stdout } = await run(join(folder, 'bin/xem-router'), args, { cwd: '/' });
  expect(JSON.parse(stdout)).toMatchObject({ key: expect.stringMatching(/^xero_main_/) });
});

test('ship leaves the binaries of other systems out', async () => {
  const { folder } = await shipped('agent');
  const files = await readdir(join(folder, 'node_modules'), { recursive: true });
  const binaries = files.filter((path) => path.endsWith('.node'));
  expect(binaries.length).toBeGreaterThan(1);
  expect(binaries.filter((path) => /darwin|win32/.test(path))).toEqual([]);
});
