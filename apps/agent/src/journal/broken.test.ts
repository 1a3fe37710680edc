import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttemptKey } from '@xem/protocol';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import { silentLog } from '@xem/runtime';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { BootError } from '../boot/boot-error.ts';
import { lostResult } from '../dispatch/result.ts';
import { openJournal, type Journal } from './journal.ts';
import { holdState, openStateFolder } from './lock.ts';

const ids = seededIds(virtualClock());
const KEYS = Array.from({ length: 40 }, () => AttemptKey.parse({ execution_id: ids.uuid(), attempt: 1 }));

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xem-broken-'));
  path = join(folder, 'journal.db');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const open = (): Journal => openJournal({ path, clock: virtualClock(), ids, log: silentLog });

/** A journal with open rows, some of them ended, all of it in the one file. */
function writeJournal(): void {
  const journal = open();
  for (const [index, key] of KEYS.entries()) {
    journal.accept({ key, expiresAt: 1000 }, 'written');
    if (index % 2 === 0) journal.end(key, lostResult(key, `the end of ${index}`));
  }
  journal.close();
}

/** The reason an agent over this journal would not start; null when it starts. */
function whyNot(): string | null {
  try {
    open().close();
    return null;
  } catch (err) {
    if (err instanceof BootError && err.code === 'journal_broken') return err.message;
    throw err;
  }
}

test.each([
  ['is no database', () => writeFileSync(path, 'x'.repeat(4096)), 'it is no database. Move it aside'],
  ['is cut in the middle', () => truncateSync(path, 8192), 'it is damaged'],
  ['lost its table', () => change('DROP TABLE attempt'), 'no such table'],
  ['lost its index', () => change('DROP INDEX attempt_open'), null],
  [
    'holds a row of no sense',
    () => change(`UPDATE attempt SET execution_id = 'x' || execution_id`),
    'a row makes no sense',
  ],
  [
    'holds a result of no sense',
    () => change(`UPDATE attempt SET result = '{}' WHERE result NOT NULL`),
    'a row',
  ],
  ['is of a newer agent', () => change('PRAGMA user_version = 99'), 'version 99 is of a newer agent'],
])('journal.open tells of a file that %s', (_what, damage, words) => {
  writeJournal();
  damage();
  if (words === null) expect(whyNot()).toBeNull();
  else expect(whyNot()).toContain(words);
});

function change(sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

test('journal.open tells that another process has locked the file', () => {
  writeJournal();
  const other = new Database(path);
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE');
  onTestFinished(() => void other.close());
  expect(whyNot()).toContain('another process has locked it');
});

test('journal.open never forgets a row of a file with flipped bits without saying so', () => {
  writeJournal();
  const whole = join(folder, 'whole.db');
  copyFileSync(path, whole);
  const bytes = readFileSync(whole);
  const flip = fc.record({ at: fc.nat({ max: bytes.length - 1 }), bit: fc.nat({ max: 7 }) });
  const refused = { count: 0 };
  const holds = (flips: readonly { at: number; bit: number }[]): void => {
    const damaged = Buffer.from(bytes);
    for (const { at, bit } of flips) damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
    for (const rest of ['-wal', '-shm']) rmSync(`${path}${rest}`, { force: true });
    writeFileSync(path, damaged);
    if (whyNot() !== null) {
      refused.count += 1;
      return;
    }
    const journal = open();
    const known = KEYS.map((key) => journal.find(key)?.state ?? null);
    journal.close();
    expect(known).not.toContain(null);
  };
  fc.assert(fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), holds), { numRuns: 100 });
  expect(refused.count).toBeGreaterThan(0);
});

test('agent.state tells of a folder that cannot be made', () => {
  const where = '/dev/null/state';
  expect(() => openStateFolder(where)).toThrow(/The state folder .* cannot be written: E.*--state-dir/);
  expect(() => holdState(join(where, 'agent.lock'))).toThrow(
    expect.objectContaining({ code: 'state_unwritable' }),
  );
});

test('agent.state does not take a lock that cannot be written for another agent', () => {
  mkdirSync(join(folder, 'agent.lock'));
  expect(() => holdState(join(folder, 'agent.lock'))).toThrow(
    /cannot be written: unable to open database file/,
  );
});
