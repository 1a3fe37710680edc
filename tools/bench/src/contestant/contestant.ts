import type { Clock } from '@xem/runtime';
import type { DriverSpec } from '../load/driver.ts';

/** A system that does the work of the benchmark: durable calls of something that does nothing, with their results. */
export interface Contestant {
  readonly name: string;
  /** What of it was running, as far as a reader needs it to judge: versions, and what it promises of a call. */
  readonly about: string;
  readonly driver: DriverSpec;
  /** Its processes, whose processor time is that of its calls; none when they come and go. */
  readonly pids: readonly number[];
  /** From its start until it could be used. */
  readonly readyMs: number;
  /** Looks whether so many calls were really done; says what it found. @throws Error when they were not */
  verify(calls: number): Promise<string>;
  stop(): Promise<void>;
}

/** What a contestant is started with. */
export interface StartContext {
  readonly clock: Clock;
  /** A folder of its own, removed after it was stopped. */
  readonly dir: string;
}

/** A contestant that may be in a run. */
export interface ContestantRow {
  readonly name: string;
  /** Why it cannot be in the run, or null. */
  missing(): string | null;
  start(context: StartContext): Promise<Contestant>;
}
