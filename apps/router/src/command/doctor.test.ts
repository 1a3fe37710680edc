import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { readSecret, signClaim, signerFromSeed } from '@xem/mesh';
import { lockDataFolder } from '@xem/store';
import { changeEntry, makeNewerDatabase } from '@xem/store/testing';
import { expect, onTestFinished, test } from 'vitest';
import { dataFolder, type DataFolder } from '../testing/data-folder.ts';
import { runCommand } from './run-command.ts';

/** Leaves a head, signed by the router of the folder, of a chain that has more entries than there are. */
function signLongerChain(dataDir: string): void {
  const seed = readSecret(join(dataDir, 'router-signing-key.hex'));
  if (!seed) throw new Error('the folder has no keys');
  const database = new DatabaseSync(join(dataDir, 'xem.db'));
  const { project_id } = database.prepare('SELECT project_id FROM journal WHERE seq = 3').get() ?? {};
  database.exec('DELETE FROM journal WHERE seq > 3');
  database.close();
  const at = '2026-01-01T00:00:00.000Z';
  const claim = { ctx: 'xem/head/1', project_id, seq: 9, hash: '0'.repeat(64), at };
  const sig = Buffer.from(signClaim(signerFromSeed(seed), claim)).toString('base64url');
  writeFileSync(join(dataDir, 'heads.ndjson'), `${JSON.stringify({ ...claim, sig })}\n`);
}

const findingsOf = async ({ run }: DataFolder, ...flags: readonly string[]) => {
  const { status, stdout } = await run('doctor', '--json', ...flags);
  return { status, ...JSON.parse(stdout) };
};

test('doctor finds nothing that fails in a folder as a router leaves it', async () => {
  const folder = await dataFolder();
  const { status, ok } = await findingsOf(folder);
  expect({ status, ok }).toEqual({ status: 0, ok: true });
});

test('doctor looks at a folder that a router has, and leaves its ports alone', async () => {
  const folder = await dataFolder();
  onTestFinished(lockDataFolder(folder.dataDir));
  const { status, findings } = await findingsOf(folder);
  expect(status).toBe(0);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'router', verdict: 'ok' }));
  expect(findings).toContainEqual(expect.objectContaining({ check: 'ports', verdict: 'skip' }));
});

test.each<[string, readonly [check: string, says: RegExp], (dataDir: string) => void]>([
  [
    'a key that others can read',
    ['files', /chmod 600/],
    (dir) => chmodSync(join(dir, 'router-curve-key.hex'), 0o644),
  ],
  ['an entry that was changed', ['journal', /broken at entry 2/], (dir) => changeEntry(dir, 2)],
  ['a chain that was longer once', ['journal', /not as it was signed, from entry 4 on/], signLongerChain],
  ['a database of a newer version', ['schema', /newer version/], makeNewerDatabase],
  [
    'a database that is none',
    ['integrity', /cannot be opened/],
    (dir) => writeFileSync(join(dir, 'xem.db'), 'x'.repeat(8192)),
  ],
  ['a folder that is not there', ['data folder', /is not there/], (dir) => rmSync(dir, { recursive: true })],
])('doctor fails for %s', async (_, [check, says], spoil) => {
  const folder = await dataFolder();
  spoil(folder.dataDir);
  const { status, ok, findings } = await findingsOf(folder);
  expect({ status, ok }).toEqual({ status: 1, ok: false });
  expect(findings).toContainEqual({ check, verdict: 'fail', says: expect.stringMatching(says) });
});

test('doctor fails for a port that another program has', async () => {
  const folder = await dataFolder();
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { findings } = await findingsOf(folder, '--http-port', String(port));
  expect(findings).toContainEqual(expect.objectContaining({ check: 'ports', verdict: 'fail' }));
});

test('doctor fails when the clock stands before the journal', async () => {
  const folder = await dataFolder();
  const env = { XEM_DATA_DIR: folder.dataDir, XEM_WALL_OFFSET_MS: '-7200000' };
  const ending = await runCommand(['doctor', '--json'], env);
  const { findings } = JSON.parse(ending?.stdout ?? '');
  expect(findings).toContainEqual(expect.objectContaining({ check: 'clock', verdict: 'fail' }));
});

test('doctor warns of a chain that leads nowhere, and fails where no irreversible call could ever run', async () => {
  const folder = await dataFolder();
  const before = await findingsOf(folder);
  expect(before.findings).toContainEqual({
    check: 'policies',
    verdict: 'warn',
    says: expect.stringMatching(/^standard of demo: .*escalation_chain is empty/),
  });
  const database = new DatabaseSync(join(folder.dataDir, 'xem.db'));
  database.exec('UPDATE api_key SET can_decide = 0');
  database.close();
  const { status, findings } = await findingsOf(folder);
  expect(status).toBe(1);
  expect(findings).toContainEqual({
    check: 'policies',
    verdict: 'fail',
    says: expect.stringMatching(/^standard of demo: nobody could let any irreversible call run/),
  });
});
