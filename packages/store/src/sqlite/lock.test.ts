import { once } from 'node:events';
import { silentLog, systemClock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { startWriter } from '../testing/crash.ts';
import { openTestStore } from '../testing/test-store.ts';
import { openSqliteStore } from './open.ts';

const options = { clock: systemClock(), log: silentLog };

test('openSqliteStore refuses a folder that is open, until it is closed', async () => {
  const first = await openTestStore();
  const { dataDir } = first;
  await expect(openSqliteStore({ dataDir, ...options })).rejects.toThrow(/in use by another router/);
  const again = await first.reopen();
  await again.close();
});

test('openSqliteStore refuses a folder that another process has open', { timeout: 120_000 }, async () => {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const [status] = await once(startWriter(store.dataDir), 'exit');
  expect(status).toBe(1);
});
