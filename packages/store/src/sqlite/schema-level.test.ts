import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, systemClock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { makeNewerDatabase, makeOlderDatabase } from '../testing/other-version.ts';
import { inspectStore } from './inspect.ts';
import { openSqliteStore } from './open.ts';
import { NewerSchemaError } from './schema-level.ts';

const open = (dataDir: string) => openSqliteStore({ dataDir, clock: systemClock(), log: silentLog });

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xem-level-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function look(dataDir: string) {
  const inspection = inspectStore(dataDir);
  inspection?.close();
  return inspection && { ...inspection.schema, isReadable: inspection.read !== null };
}

test('openSqliteStore brings an older database to this version', async () => {
  const dataDir = freshFolder();
  makeOlderDatabase(dataDir);
  expect(look(dataDir)).toMatchObject({ pending: 1, isNewer: false, isReadable: false });
  await (await open(dataDir)).close();
  expect(look(dataDir)).toMatchObject({ pending: 0, isNewer: false, isReadable: true });
});

test('openSqliteStore refuses a database of a newer version, and changes nothing of it', async () => {
  const dataDir = freshFolder();
  await (await open(dataDir)).close();
  makeNewerDatabase(dataDir);
  await expect(open(dataDir)).rejects.toThrow(NewerSchemaError);
  expect(look(dataDir)).toMatchObject({ pending: 0, isNewer: true, isReadable: false });
});

test('inspectStore finds nothing in a folder without a database', () => {
  expect(inspectStore(freshFolder())).toBeNull();
});

test('inspectStore looks at a database that a store has open', async () => {
  const dataDir = freshFolder();
  const store = await open(dataDir);
  onTestFinished(() => store.close());
  const inspection = inspectStore(dataDir);
  expect([inspection?.faults(), inspection?.danglingRows()]).toEqual([[], 0]);
  inspection?.close();
});
