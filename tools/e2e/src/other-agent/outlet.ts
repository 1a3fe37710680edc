import { join } from 'node:path';
import { CREDIT_BYTES, type Attempt, type Frame, type Resume } from './frame.ts';
import { openSpool } from './spool.ts';

const STREAMS = ['stdout', 'stderr'] as const;

/** Both streams of an attempt, and what the router lets us send of them. */
export interface Outlet {
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): boolean;
  sums(): Record<'stdout' | 'stderr', ReturnType<ReturnType<typeof openSpool>['sums']>>;
  /** Begins a session, with a fresh credit, behind what the router has. */
  begin(have: Pick<Resume, 'stdout' | 'stderr'>): void;
  grant(bytes: number): void;
  /** Sends what the credit allows; true when nothing is left to send. */
  pump(send: (frame: Frame) => void): boolean;
  remove(): void;
}

interface Options {
  readonly dir: string;
  readonly attempt: Attempt;
  readonly maxBytes: number;
}

/** Opens the streams of an attempt in a folder. */
export function openOutlet({ dir, attempt, maxBytes }: Options): Outlet {
  const key = { execution_id: attempt.execution_id, attempt: attempt.attempt };
  const path = (stream: string): string => join(dir, `${key.execution_id}.${key.attempt}.${stream}`);
  const spools = {
    stdout: openSpool(path('stdout'), maxBytes),
    stderr: openSpool(path('stderr'), maxBytes),
  };
  let credit = CREDIT_BYTES;
  const pumpOne = (stream: (typeof STREAMS)[number], send: (frame: Frame) => void): void => {
    for (let piece = spools[stream].next(credit); piece; piece = spools[stream].next(credit)) {
      credit -= piece.payload.length;
      const body = { v: 1, ...key, stream, offset: piece.offset };
      send({ kind: 'output', body, payload: piece.payload });
    }
  };
  return {
    write: (stream, bytes) => spools[stream].write(bytes),
    sums: () => ({ stdout: spools.stdout.sums(), stderr: spools.stderr.sums() }),
    begin: (have) => {
      credit = CREDIT_BYTES;
      for (const stream of STREAMS) spools[stream].rewind(have[stream]);
    },
    grant: (bytes) => (credit += bytes),
    pump: (send) => {
      for (const stream of STREAMS) pumpOne(stream, send);
      return credit > 0;
    },
    remove: () => {
      for (const stream of STREAMS) spools[stream].remove();
    },
  };
}
