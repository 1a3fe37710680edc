import type { Fetch } from '@xem/client';
import type { Cancel, Clock, IdSource } from '@xem/runtime';

/** Where a command writes. */
export interface Sink {
  readonly isTty: boolean;
  /** Of the terminal; 80 when nobody knows. */
  readonly columns: number;
  /** Resolves when the bytes are taken; rejects with `EPIPE` when nobody reads them. */
  write(data: string | Uint8Array): Promise<void>;
}

/** Where a command reads. */
export interface Source {
  readonly isTty: boolean;
  /** All there is, as text. */
  text(): Promise<string>;
  /** Asks the person at the terminal; the question goes to standard error. */
  ask(question: string): Promise<string>;
}

/** The world as a command sees it. */
export interface Io {
  readonly stdin: Source;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly fetch?: Fetch;
  /** Calls at Ctrl-C instead of ending the process, until cancelled. */
  onInterrupt(call: () => void): Cancel;
}
