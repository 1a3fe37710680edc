import { join } from 'node:path';
import { DAY_MS, JournalVerification, Workspace } from '@xem/protocol';
import { expect, onTestFinished } from 'vitest';
import { partsOfMesh, type PartsOfMesh, type Part } from '../mesh/apart.ts';
import { proves } from '../proves.ts';

/** Three days on, for a router that keeps its journal for one. */
const LATER = { XEM_WALL_OFFSET_MS: `${3 * DAY_MS}`, XEM_JOURNAL_RETENTION_DAYS: '1' };

async function laidOut(): Promise<PartsOfMesh> {
  const mesh = await partsOfMesh();
  onTestFinished(() => mesh.close(), 30_000);
  return mesh;
}

async function makeWorkspaces(mesh: PartsOfMesh, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const answer = await mesh.request('POST', '/v1/workspaces', { body: { name: `ws ${made}` } });
    ids.push(Workspace.parse(await answer.json()).id);
  }
  return ids;
}

async function stop({ child, ended }: Part): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

async function verified(mesh: PartsOfMesh): Promise<JournalVerification> {
  return JournalVerification.parse(await (await mesh.request('GET', '/v1/exec/journal/verify')).json());
}

proves('crash.upkeep', 'after the commit of a cut', async () => {
  const mesh = await laidOut();
  const router = await mesh.startRouter();
  const [first] = await makeWorkspaces(mesh, 3);
  const { head } = await verified(mesh);
  await stop(router);
  const { ended } = mesh.launchRouter({ ...LATER, XEM_CRASH_POINT: 'after-commit:journal.cut' });
  expect(await ended).toMatchObject({ signal: 'SIGKILL' });
  await mesh.startRouter(LATER);
  const after = await verified(mesh);
  expect(after).toMatchObject({ ok: true });
  expect(after.checkpoint_seq).toBeGreaterThan(0);
  expect(after.head.seq).toBeGreaterThanOrEqual(head.seq);
  expect((await mesh.request('GET', `/v1/workspaces/${first}`)).status).toBe(200);
});

/** How a router starts over what a restore left that died at each of these. */
const DEATHS = [
  { point: 'after-commit:project.restored', starts: true },
  { point: 'after-restore:aside', starts: false },
];

proves('crash.upkeep', 'a restore that dies before the old data is put aside, and after', async () => {
  const mesh = await laidOut();
  const folder = join(mesh.dir, 'backup');
  let router = await mesh.startRouter();
  const [kept] = await makeWorkspaces(mesh, 1);
  await mesh.command('backup', folder);
  const [since] = await makeWorkspaces(mesh, 1);
  for (const { point, starts } of DEATHS) {
    await stop(router);
    const restore = mesh.launchRouter({ XEM_CRASH_POINT: point }, 'restore', folder, '--force');
    expect(await restore.ended).toMatchObject({ signal: 'SIGKILL' });
    if (starts) {
      router = await mesh.startRouter();
      expect((await mesh.request('GET', `/v1/workspaces/${since}`)).status).toBe(200);
    } else {
      const again = mesh.launchRouter({}, 'restore', join(mesh.dir, 'no-backup'), '--force');
      expect(await again.ended).not.toMatchObject({ code: 0 });
      const human = mesh.launchRouter({}, 'admin', 'create-human', '--name', 'Ann');
      expect(await human.ended).toMatchObject({ code: 1 });
      expect(await mesh.launchRouter({}).ended).toMatchObject({ code: 78 });
    }
  }
  await mesh.command('restore', folder, '--force');
  await mesh.startRouter();
  expect((await mesh.request('GET', `/v1/workspaces/${kept}`)).status).toBe(200);
  expect((await mesh.request('GET', `/v1/workspaces/${since}`)).status).toBe(404);
  expect(await verified(mesh)).toMatchObject({ ok: true });
});
