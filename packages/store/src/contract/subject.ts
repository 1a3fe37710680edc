import type { Clock, Log } from '@xem/runtime';
import { onTestFinished } from 'vitest';
import type { Making } from '../testing/record/access.ts';
import { setScene, systemMaking, type Scene } from '../testing/scene.ts';
import type { TestStore } from '../testing/test-store.ts';

interface OpenOptions {
  readonly log?: Log;
  readonly clock?: Clock;
}

/** Opens a fresh store of the kind that is tested. */
export type OpenStore = (options?: OpenOptions) => Promise<TestStore>;

/** What a store must do: sentences, each with its proof. */
export type Contract = Readonly<Record<string, (open: OpenStore) => Promise<void>>>;

/** One contract of several rows that differ in their input. */
export const eachRow = <Row>(
  rows: Readonly<Record<string, Row>>,
  contractOf: (name: string, row: Row) => Contract,
): Contract => Object.assign({}, ...Object.entries(rows).map(([name, row]) => contractOf(name, row)));

/** A store for the running test, closed at its end. */
export async function storeFor(open: OpenStore, options?: OpenOptions): Promise<TestStore> {
  const store = await open(options);
  onTestFinished(() => store.close());
  return store;
}

/** A store for the running test with a scene in it. */
export async function stageFor(
  open: OpenStore,
  options?: OpenOptions,
): Promise<Scene & { readonly store: TestStore; readonly making: Making }> {
  const store = await storeFor(open, options);
  const making = systemMaking();
  return { store, making, ...(await setScene(store, making)) };
}

/** The ids of some rows, in their order. */
export const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);
