import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttemptKey } from '@xem/protocol';
import { recordingLog, seededIds, virtualClock } from '@xem/runtime/testing';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { lostResult } from '../dispatch/result.ts';
import { openJournal, type Durability, type Journal } from './journal.ts';
import { holdState } from './lock.ts';

const KEY = AttemptKey.parse({ execution_id: '01890a5d-ac96-774b-bcce-b302099a8057', attempt: 1 });
const ORDER = { key: KEY, expiresAt: 1000 };

function openRig() {
  const folder = mkdtempSync(join(tmpdir(), 'xem-journal-'));
  const clock = virtualClock();
  const log = recordingLog();
  const opened: Journal[] = [];
  const open = (): Journal => {
    const path = join(folder, 'journal.db');
    const journal = openJournal({ path, clock, ids: seededIds(clock), log });
    opened.push(journal);
    return journal;
  };
  onTestFinished(() => {
    for (const journal of opened) journal.close();
    rmSync(folder, { recursive: true });
  });
  return { folder, clock, log, open };
}

test.each<Durability>(['synced', 'written'])(
  'journal.accept has a %s entry in the database at once',
  (durability) => {
    const { open } = openRig();
    open().accept(ORDER, durability);
    expect(open().open()).toMatchObject([{ key: KEY, state: 'accepted' }]);
  },
);

test('journal.accept writes an entry behind within moments, and knows it at once', async () => {
  const { open, clock } = openRig();
  const journal = open();
  journal.accept(ORDER, 'behind');
  expect(journal.find(KEY)).toMatchObject({ state: 'accepted' });
  expect(open().find(KEY)).toBeNull();
  await clock.advance(20);
  expect(open().find(KEY)).toMatchObject({ state: 'accepted' });
});

test('journal.end keeps the first end', () => {
  const { open } = openRig();
  const journal = open();
  journal.accept(ORDER, 'synced');
  journal.markRunning(KEY);
  journal.end(KEY, lostResult(KEY, 'first'));
  journal.end(KEY, lostResult(KEY, 'second'));
  journal.flush();
  expect(open().find(KEY)).toMatchObject({ state: 'ended', result: { error: { message: 'first' } } });
});

test('journal.acknowledge changes nothing before the end', () => {
  const journal = openRig().open();
  journal.accept(ORDER, 'synced');
  journal.acknowledge(KEY);
  expect(journal.open()).toHaveLength(1);
});

test('journal.sweep keeps an attempt until it is acknowledged and its order has expired', () => {
  const { open } = openRig();
  const journal = open();
  journal.accept(ORDER, 'synced');
  journal.end(KEY, lostResult(KEY, 'gone'));
  journal.sweep(2000);
  expect(journal.open()).toHaveLength(1);
  journal.acknowledge(KEY);
  journal.flush();
  journal.sweep(1000);
  expect(journal.open()).toEqual([]);
  expect(journal.find(KEY)).toMatchObject({ isAcknowledged: true, state: 'ended' });
  journal.sweep(1001);
  expect(journal.find(KEY)).toBeNull();
});

test('journal.sweep logs that the database fails it, and the agent goes on', () => {
  const { folder, open, log } = openRig();
  const journal = open();
  const other = new Database(join(folder, 'journal.db'));
  other.exec('DROP TABLE attempt');
  other.close();
  journal.sweep(1000);
  expect(log.lines).toMatchObject([{ level: 'error', event: 'journal.sweep_failed' }]);
});

test('journal.open makes its id with the database and keeps it', () => {
  const { open } = openRig();
  const { id } = open();
  expect(id).toMatch(/^[0-9a-f]{24}$/);
  expect(open().id).toBe(id);
});

test('journal.open refuses a file that is no database', () => {
  const { folder, open } = openRig();
  writeFileSync(join(folder, 'journal.db'), 'x'.repeat(4096));
  expect(open).toThrow(/journal\.db cannot be used: it is no database\. Move it aside/);
});

test('journal.hold lets one process at a time work in a folder', () => {
  const { folder } = openRig();
  const path = join(folder, 'agent.lock');
  const release = holdState(path);
  expect(() => holdState(path)).toThrow(/Another agent works in/);
  release();
  holdState(path)();
});
