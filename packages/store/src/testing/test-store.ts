import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, systemClock, type Clock, type Log } from '@xem/runtime';
import { openSqliteStore } from '../sqlite/open.ts';
import type { Store } from '../store.ts';

/** A store in a folder of its own. `close` removes the folder. */
export interface TestStore extends Store {
  readonly dataDir: string;
  /** Closes this store and opens its folder again, as a restarted router does. */
  reopen(): Promise<TestStore>;
}

interface TestStoreOptions {
  readonly clock?: Clock;
  readonly log?: Log;
}

async function openIn(dataDir: string, options: TestStoreOptions): Promise<TestStore> {
  const { clock = systemClock(), log = silentLog } = options;
  const store = await openSqliteStore({ dataDir, clock, log });
  return {
    ...store,
    dataDir,
    reopen: async () => {
      await store.close();
      return openIn(dataDir, options);
    },
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Opens a fresh store for one test; close it when the test ends. */
export const openTestStore = async (options: TestStoreOptions = {}): Promise<TestStore> =>
  openIn(await mkdtemp(join(tmpdir(), 'xem-store-')), options);
