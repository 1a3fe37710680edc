import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { keyOf, type Attempt } from './frame.ts';
import * as is from './shape.ts';

const sums = is.shape({ bytes: is.whole, sha256: is.text, truncated: is.flag, masked: is.whole });
const ended = is.shape({
  status: is.oneOf('completed', 'failed', 'cancelled', 'timeout', 'lost'),
  ended_by: is.oneOf('exit', 'cancel', 'timeout', 'limit', 'unknown'),
  exit_code: is.orNull(is.whole),
  signal: is.orNull(is.text),
  duration_ms: is.whole,
  error: is.orNull(is.shape({ code: is.text, message: is.text })),
  stdout: sums,
  stderr: sums,
  survivors: is.list(is.whole),
});

/** What is told of a stream when it has ended. */
export type Sums = ReturnType<typeof sums>;

/** How a run ended. */
export type Ending = ReturnType<typeof ended>;

const line = is.shape({
  execution_id: is.text,
  attempt: is.whole,
  expires_at: is.whole,
  state: is.oneOf('running', 'ended', 'acknowledged'),
  ending: is.orNull(ended),
});

/** An attempt that was begun, whatever became of it. */
export type Row = ReturnType<typeof line>;

/** The table that keeps an order from running twice, in a file that only grows. */
export interface Journal {
  get(attempt: Attempt): Row | undefined;
  rows(): readonly Row[];
  /** Is on disk when it returns. */
  save(row: Row): void;
  /** Drops the rows that no order can come for any more. */
  forgetBefore(routerTime: number): void;
  close(): void;
}

function load(path: string): Map<string, Row> {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  const rows = lines.map((written) => line(JSON.parse(written)));
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Opens the table, as the process before left it. */
export function openJournal(path: string): Journal {
  const rows = load(path);
  const file = openSync(path, 'a', 0o600);
  const save = (row: Row): void => {
    rows.set(keyOf(row), row);
    writeSync(file, `${JSON.stringify(row)}\n`);
    fsyncSync(file);
  };
  return {
    get: (attempt) => rows.get(keyOf(attempt)),
    rows: () => [...rows.values()],
    save,
    forgetBefore: (routerTime) => {
      for (const [key, { state, expires_at: expiresAt }] of rows)
        if (state === 'acknowledged' && expiresAt < routerTime) rows.delete(key);
    },
    close: () => closeSync(file),
  };
}
