import { readdirSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTestStore } from '../testing/index.ts';

test('openSqliteStore keeps the database from other users, also in a folder that they can look into', async () => {
  const store = await openTestStore();
  await chmod(store.dataDir, 0o755);
  const files = readdirSync(store.dataDir).filter((name) => name.startsWith('xem.db'));
  const modes = files.map((name) => statSync(join(store.dataDir, name)).mode & 0o077);
  await store.close();
  expect([files.toSorted((a, b) => (a < b ? -1 : 1)), modes]).toEqual([
    ['xem.db', 'xem.db-shm', 'xem.db-wal'],
    [0, 0, 0],
  ]);
});
