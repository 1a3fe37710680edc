import { keyOf, type Attempt, type Frame, type Resume } from './frame.ts';
import type { Ending, Journal, Row } from './journal.ts';
import { maxBytesOf, type Tool } from './manifest.ts';
import type { Order } from './order.ts';
import { openOutlet, type Outlet } from './outlet.ts';
import { lost, startRun, type Started } from './run.ts';
import type { Surroundings } from './surroundings.ts';

interface Run {
  readonly outlet: Outlet;
  started: Started;
  /** Whether the result went out in this session. */
  told: boolean;
}

interface Options {
  readonly dir: string;
  readonly journal: Journal;
  readonly around: Surroundings;
}

const BEGINNING = { stdout: 0, stderr: 0 };
const NOTHING = {
  bytes: 0,
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  truncated: false,
  masked: 0,
};

const nowhere = (): void => undefined;
const OVER: Started = { cancel: nowhere, done: Promise.resolve() };
const only = ({ execution_id: id, attempt }: Attempt): Attempt => ({ execution_id: id, attempt });

/** Everything that runs, or ran and was not acknowledged, whatever becomes of the line. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  readonly #options: Options;
  #send: (frame: Frame) => void = nowhere;

  /** Takes over what the process before left: whatever still ran then is lost. */
  constructor(options: Options) {
    this.#options = options;
    for (const row of this.open()) {
      const outlet = openOutlet({ dir: options.dir, attempt: row, maxBytes: Number.MAX_SAFE_INTEGER });
      this.#runs.set(keyOf(row), { outlet, started: OVER, told: false });
      if (row.state === 'running') this.#finish(row, lost(outlet.sums()));
    }
  }

  /** The attempts whose result the router has not acknowledged. */
  open(): readonly Row[] {
    return this.#options.journal.rows().filter(({ state }) => state !== 'acknowledged');
  }

  running(): number {
    return this.open().filter(({ state }) => state === 'running').length;
  }

  /** Writes the row, starts the tool, and accepts. */
  start(order: Order, tool: Tool): void {
    const { dir, journal, around } = this.#options;
    const outlet = openOutlet({ dir, attempt: order, maxBytes: maxBytesOf(tool.definition) });
    const expiresAt = Date.parse(order.expires_at);
    journal.save({ ...only(order), expires_at: expiresAt, state: 'running', ending: null });
    const run: Run = { outlet, started: OVER, told: false };
    this.#runs.set(keyOf(order), run);
    run.started = startRun({
      order,
      tool,
      outlet,
      around,
      onOutput: () => this.#flush(order),
      onEnd: (ending) => this.#finish(order, ending),
    });
    this.#say('accept', order);
  }

  /** Says again what the table knows of an attempt. */
  repeat(attempt: Attempt): void {
    this.#say('accept', attempt);
    this.account(attempt);
  }

  /** Answers for an attempt that the router misses: with its result, or that it is lost. */
  account(attempt: Attempt): void {
    const row = this.#options.journal.get(attempt);
    const run = this.#runs.get(keyOf(attempt));
    if (!row) this.#say('result', attempt, lost({ stdout: NOTHING, stderr: NOTHING }));
    else if (run) this.#flush(attempt, { again: true });
    else if (row.ending) this.#say('result', attempt, row.ending);
  }

  cancel(attempt: Attempt): void {
    this.#runs.get(keyOf(attempt))?.started.cancel();
  }

  /** Stops everything and waits until it has ended. */
  async stop(): Promise<void> {
    const started = [...this.#runs.values()].map((run) => run.started);
    for (const { cancel } of started) cancel();
    await Promise.all(started.map(({ done }) => done));
  }

  grant(attempt: Attempt, bytes: number): void {
    this.#runs.get(keyOf(attempt))?.outlet.grant(bytes);
    this.#flush(attempt);
  }

  /** The router has the end of an attempt. */
  acknowledge(attempt: Attempt): void {
    const { journal } = this.#options;
    const row = journal.get(attempt);
    if (!row?.ending) return;
    journal.save({ ...row, state: 'acknowledged' });
    this.#runs.get(keyOf(attempt))?.outlet.remove();
    this.#runs.delete(keyOf(attempt));
  }

  /** Goes on over a new line, behind what the router has. */
  begin(resume: readonly Resume[], send: (frame: Frame) => void): void {
    this.#send = send;
    for (const row of this.open()) {
      const run = this.#runs.get(keyOf(row));
      if (run) run.told = false;
      run?.outlet.begin(resume.find((known) => keyOf(known) === keyOf(row)) ?? BEGINNING);
      this.#flush(row);
    }
  }

  repeatResults(): void {
    for (const row of this.open()) this.#flush(row, { again: true });
  }

  #say(kind: string, attempt: Attempt, body: object = {}): void {
    this.#send({ kind, body: { v: 1, ...only(attempt), ...body } });
  }

  #flush(attempt: Attempt, { again = false } = {}): void {
    const run = this.#runs.get(keyOf(attempt));
    const row = this.#options.journal.get(attempt);
    const isDrained = run?.outlet.pump(this.#send) ?? false;
    if (!run || !isDrained || !row?.ending || (run.told && !again)) return;
    run.told = true;
    this.#say('result', attempt, row.ending);
  }

  #finish(attempt: Attempt, ending: Ending): void {
    const { journal } = this.#options;
    const row = journal.get(attempt);
    if (!row) return;
    journal.save({ ...row, state: 'ended', ending });
    this.#flush(attempt);
  }
}
