import type { Services } from '../context.ts';

/** Reads which windows are in progress from the store, at the start of the router. */
export async function loadWindows({ store, windows }: Pick<Services, 'store' | 'windows'>): Promise<void> {
  for (const row of await store.read.maintenance.open()) windows.put(row);
}
