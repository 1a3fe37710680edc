import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, systemClock, type Clock, type Log } from '@xem/runtime';
import { openSqliteStore } from '../sqlite/open.ts';
import type { Store } from '../store.ts';

/** A store in a folder of its own, which `close` removes. */
export interface TestStore extends Store {
  readonly dataDir: string;
}

interface TestStoreOptions {
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Opens a fresh store for one test; close it when the test ends. */
export async function openTestStore(options: TestStoreOptions = {}): Promise<TestStore> {
  const { clock = systemClock(), log = silentLog } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'xem-store-'));
  const store = await openSqliteStore({ dataDir, clock, log });
  const close = async (): Promise<void> => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...store, dataDir, close };
}
