import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { FloorStore } from './store.ts';

function emptyStore() {
  const dir = mkdtempSync(join(tmpdir(), 'xem-floor-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'floor.db');
  return { path, store: new FloorStore(path) };
}

function doCalls(store: FloorStore, count: number): void {
  store.begin();
  for (let id = 1; id <= count; id += 1) store.create({ id, args: `{"n":${id}}` });
  store.commit();
  store.begin();
  for (let id = 1; id <= count; id += 1) store.finish(id, `{"n":${id}}`);
  store.commit();
}

test('floor store counts the calls that have their results', () => {
  const { store } = emptyStore();
  doCalls(store, 5);
  expect(store.resultOf(3)).toBe('{"n":3}');
  expect(store.count()).toBe(5);
});

test('floor store tells a record that was changed', () => {
  const { path, store } = emptyStore();
  doCalls(store, 5);
  const other = new Database(path);
  other.exec(`UPDATE calls SET result = 'another' WHERE id = 4`);
  other.close();
  expect(() => store.count()).toThrow('the chain is broken at call 4');
});
