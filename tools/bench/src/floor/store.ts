import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';

/** A call of the floor, as it is stored. */
export interface FloorCall {
  readonly id: number;
  readonly args: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY, args TEXT NOT NULL, result TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS records (
    seq INTEGER PRIMARY KEY, call_id INTEGER NOT NULL, kind TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;`;

const chained = (before: string, ...fields: readonly (string | number)[]): string =>
  createHash('sha256')
    .update([before, ...fields].join('\n'))
    .digest('hex');

/**
 * What durable work costs at least: a row for each call, its result, and a hash-chained record of both, flushed to
 * the disk with each commit. The caller groups: nothing is on disk before `commit`.
 */
export class FloorStore {
  readonly #database: Database.Database;
  readonly #statements;
  #head = '';

  constructor(path: string) {
    this.#database = new Database(path);
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = FULL');
    this.#database.exec(SCHEMA);
    const prepare = (sql: string) =>
      this.#database.prepare<(string | number)[], Record<string, unknown>>(sql);
    this.#statements = {
      begin: prepare('BEGIN IMMEDIATE'),
      commit: prepare('COMMIT'),
      insert: prepare('INSERT INTO calls (id, args) VALUES (?, ?)'),
      finish: prepare('UPDATE calls SET result = ? WHERE id = ?'),
      record: prepare('INSERT INTO records (call_id, kind, hash) VALUES (?, ?, ?)'),
      result: prepare('SELECT result FROM calls WHERE id = ?'),
    };
  }

  begin(): void {
    this.#statements.begin.run();
  }

  commit(): void {
    this.#statements.commit.run();
  }

  create({ id, args }: FloorCall): void {
    this.#statements.insert.run(id, args);
    this.#record(id, 'created', args);
  }

  finish(id: number, result: string): void {
    this.#statements.finish.run(result, id);
    this.#record(id, 'finished', result);
  }

  resultOf(id: number): string {
    return String(this.#statements.result.get(id)?.['result']);
  }

  /** How many calls have their result and both their records. @throws Error when the chain is broken */
  count(): number {
    let head = '';
    let finished = 0;
    const rows = this.#database
      .prepare<[], { call_id: number; kind: string; hash: string; args: string; result: string | null }>(
        'SELECT call_id, kind, hash, args, result FROM records JOIN calls ON id = call_id ORDER BY seq',
      )
      .iterate();
    for (const { call_id: id, kind, hash, args, result } of rows) {
      head = chained(head, id, kind, kind === 'created' ? args : (result ?? ''));
      if (head !== hash) throw new Error(`the chain is broken at call ${id}`);
      finished += kind === 'finished' ? 1 : 0;
    }
    return finished;
  }

  #record(id: number, kind: string, text: string): void {
    this.#head = chained(this.#head, id, kind, text);
    this.#statements.record.run(id, kind, this.#head);
  }
}
