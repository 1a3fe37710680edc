import { attemptName, type AttemptKey, type ResultBody, type StoredOutput } from '@xem/protocol';
import type { Log } from '@xem/runtime';
import type { Journal } from '../journal/journal.ts';
import type { Run } from '../run/run.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Line } from './line.ts';
import { resultOf } from './result.ts';
import type { ToolHost } from './tool-host.ts';

/** One attempt that the router has not acknowledged. */
interface Attempt {
  readonly key: AttemptKey;
  /** Null when nothing of it is left but its result. */
  readonly run: Run | null;
  /** Nothing of it is in the spool. */
  readonly isResident: boolean;
  readonly delivery: Delivery;
}

/** The attempts that the router has not acknowledged: what runs, and what ended. */
export interface Attempts {
  /** Runs that have not ended. */
  inFlight(): number;
  all(): Iterable<Attempt>;
  find(key: AttemptKey): Attempt | null;
  /** Follows a run to its end and brings it to the router. */
  follow(run: Run, isResident: boolean): void;
  /** Brings an end that is already known to the router; `run` is what is left of the output. */
  settle(result: ResultBody, run: Run | null): void;
  /** A session is open: deliveries begin from what the router has. */
  begin(resume: readonly StoredOutput[]): void;
  suspend(): void;
  /** The router has the result: what is left of the attempt goes. Before its end this changes nothing. */
  acknowledge(key: AttemptKey): void;
  /** Resolves once nothing is left. */
  whenEmpty(): Promise<void>;
}

interface AttemptsContext {
  readonly line: Line;
  readonly journal: Journal;
  readonly host: Pick<ToolHost, 'remove'>;
  readonly log: Log;
}

const FROM_START = { stdout: 0, stderr: 0 };

/** A table of attempts, at first empty and without a session. */
export function createAttempts(ctx: AttemptsContext): Attempts {
  const { journal, host, log } = ctx;
  const all = new Map<string, Attempt>();
  let running = 0;
  let isOpen = false;
  let empty: PromiseWithResolvers<void> | null = null;
  const add = (part: Omit<Attempt, 'delivery'>, result: Promise<ResultBody>): void => {
    const delivery = createDelivery(ctx, { ...part, result });
    all.set(attemptName(part.key), { ...part, delivery });
    if (isOpen) delivery.begin(FROM_START);
  };
  const conclude = async (run: Run): Promise<ResultBody> => {
    running += 1;
    await run.ended;
    running -= 1;
    const result = await resultOf(run, log);
    journal.end(run.key, result);
    return result;
  };
  const discard = ({ key, isResident }: Attempt): void => {
    if (isResident) return;
    host.remove(key).catch((err: unknown) => log.warn('attempt.spool_left', { ...key, err }));
  };
  const release = (attempt: Attempt): void => {
    attempt.delivery.suspend();
    all.delete(attemptName(attempt.key));
    discard(attempt);
    if (all.size === 0) empty?.resolve();
  };
  return {
    inFlight: () => running,
    all: () => all.values(),
    find: (key) => all.get(attemptName(key)) ?? null,
    follow: (run, isResident) => add({ key: run.key, run, isResident }, conclude(run)),
    settle: (result, run) => {
      const { execution_id, attempt } = result;
      add({ key: { execution_id, attempt }, run, isResident: false }, Promise.resolve(result));
    },
    begin: (resume) => {
      isOpen = true;
      const stored = new Map(resume.map((row) => [attemptName(row), row]));
      for (const [name, { delivery }] of all) delivery.begin(stored.get(name) ?? FROM_START);
    },
    suspend: () => {
      isOpen = false;
      for (const { delivery } of all.values()) delivery.suspend();
    },
    acknowledge: (key) => {
      const attempt = all.get(attemptName(key));
      if (!attempt || journal.find(key)?.state !== 'ended') return;
      journal.acknowledge(key);
      release(attempt);
    },
    whenEmpty: async () => {
      if (all.size === 0) return;
      empty ??= Promise.withResolvers<void>();
      await empty.promise;
    },
  };
}
