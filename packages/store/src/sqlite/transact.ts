import type { JournalEntry } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import type { Store, WriteTx } from '../store.ts';
import { isDiskFault, toCaller, unavailable } from './failure.ts';
import type { KnownCredentials } from './known-credentials.ts';
import type { Session } from './session.ts';
import { TxLease, writeTables } from './tables.ts';

/** A group closes at this many bodies … */
const GROUP_BODIES_MAX = 256;
/** … or after this time, so that the first of it need not wait for a long queue. */
const GROUP_MS_MAX = 2;

type Answer = () => void;

/** A body that waits for its turn. */
interface Member {
  /** Starts the body. Exactly one of the two is called, unless the body waits for something foreign. */
  run(tx: WriteTx, ended: (answer: Answer) => void, failed: (err: unknown) => void): void;
  reject(err: unknown): void;
}

/** A body that has run: how it is told once the group is committed, or that it is not. */
interface Settled {
  readonly member: Member;
  readonly answer: Answer;
}

interface Running {
  readonly member: Member;
  readonly lease: TxLease;
  /** How many entries the group had before this body. */
  readonly entriesBefore: number;
}

interface Group {
  readonly startedAt: number;
  readonly settled: Settled[];
  readonly entries: JournalEntry[];
  running: Running | null;
  watchdog: NodeJS.Immediate | null;
}

export interface GroupCommitOptions {
  readonly session: Session;
  /** Told of changes, and of the end of each commit. */
  readonly known?: KnownCredentials;
  readonly clock: Clock;
  /** Hears the entries of a group once it is committed, before anybody is answered. Must not throw. */
  readonly committed: (entries: readonly JournalEntry[]) => void;
  /** Called once when the disk failed under a commit; from then on every transaction is refused. */
  readonly onFatal: (err: unknown) => void;
}

function memberOf<Result>(
  body: (tx: WriteTx) => Promise<Result>,
  resolve: (result: Result) => void,
  reject: (err: unknown) => void,
): Member {
  return {
    reject,
    run: (tx, ended, failed) => {
      body(tx).then((result) => ended(() => resolve(result)), failed);
    },
  };
}

const statementsOf = ({ database }: Session) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  commit: database.prepare('COMMIT'),
  rollback: database.prepare('ROLLBACK'),
  savepoint: database.prepare('SAVEPOINT body'),
  release: database.prepare('RELEASE body'),
  undo: database.prepare('ROLLBACK TO body'),
});

/**
 * Runs transaction bodies one after another on one connection, each within a savepoint, and commits those that wait
 * at the same time together. The promises of a body settle in the microtasks of the turn it was started in; one that
 * is still under way when the loop has turned waits for something that is not its transaction, and fails alone.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #tables: WriteTx;
  readonly #queue: Member[] = [];
  readonly #waitingForEnd: (() => void)[] = [];
  #group: Group | null = null;
  #scheduled = false;
  #refusal: Error | null = null;
  #dead = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#statements = statementsOf(options.session);
    const heard = (entry: JournalEntry): void => void this.#group?.entries.push(entry);
    this.#tables = writeTables(options.session, heard, options.known);
  }

  readonly transact: Store['transact'] = (body) =>
    new Promise((resolve, reject) => {
      if (this.#refusal) {
        reject(unavailable(this.#refusal));
        return;
      }
      this.#queue.push(memberOf(body, resolve, reject));
      this.#schedule();
    });

  /** Refuses new bodies, and resolves when those that wait have been answered. */
  async close(): Promise<void> {
    this.#refusal ??= new Error('the store is closed');
    if (this.#group === null && this.#queue.length === 0) return;
    await new Promise<void>((resolve) => this.#waitingForEnd.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled || this.#group) return;
    this.#scheduled = true;
    setImmediate(() => this.#begin());
  }

  #begin(): void {
    this.#scheduled = false;
    try {
      this.#statements.begin.run();
    } catch (err) {
      for (const member of this.#queue.splice(0, GROUP_BODIES_MAX)) member.reject(unavailable(err));
      this.#goOn();
      return;
    }
    const startedAt = this.#options.clock.monotonic();
    const group: Group = { startedAt, settled: [], entries: [], running: null, watchdog: null };
    this.#group = group;
    this.#watch(group);
    this.#next(group);
  }

  #watch(group: Group): void {
    group.watchdog = setImmediate(() => {
      this.#watch(group);
      const stuck = group.running;
      if (stuck) this.#failed(group, stuck, new Error('a transaction body awaited something but its tx'));
    });
  }

  #isFull({ settled, startedAt }: Group): boolean {
    if (settled.length >= GROUP_BODIES_MAX) return true;
    return settled.length > 0 && this.#options.clock.monotonic() - startedAt >= GROUP_MS_MAX;
  }

  #next(group: Group): void {
    const member = this.#isFull(group) ? undefined : this.#queue.shift();
    if (!member) {
      this.#commit(group);
      return;
    }
    const running = { member, lease: new TxLease(this.#tables), entriesBefore: group.entries.length };
    group.running = running;
    try {
      this.#statements.savepoint.run();
      this.#options.session.open = true;
      member.run(
        running.lease,
        (answer) => this.#done(group, running, answer),
        (err) => this.#failed(group, running, err),
      );
    } catch (err) {
      this.#failed(group, running, err);
    }
  }

  /** False when the body was given up before: what it does now is of no account. */
  #ends(group: Group, running: Running): boolean {
    if (group.running !== running) return false;
    group.running = null;
    running.lease.close();
    this.#options.session.open = false;
    return true;
  }

  #done(group: Group, running: Running, answer: Answer): void {
    if (!this.#ends(group, running)) return;
    group.settled.push({ member: running.member, answer });
    try {
      this.#statements.release.run();
    } catch (err) {
      this.#lose(group, err);
      return;
    }
    this.#next(group);
  }

  #failed(group: Group, running: Running, err: unknown): void {
    if (!this.#ends(group, running)) return;
    const { member, entriesBefore } = running;
    group.settled.push({ member, answer: () => member.reject(toCaller(err)) });
    group.entries.length = entriesBefore;
    try {
      this.#statements.undo.run();
      this.#statements.release.run();
    } catch {
      this.#lose(group, err);
      return;
    }
    this.#next(group);
  }

  #commit(group: Group): void {
    try {
      this.#statements.commit.run();
    } catch (err) {
      if (isDiskFault(err)) this.#die(err);
      this.#lose(group, err);
      return;
    }
    this.#end(group);
    this.#options.committed(group.entries);
    for (const { answer } of group.settled) answer();
    this.#goOn();
  }

  /** The transaction is gone and nobody of the group has written anything. */
  #lose(group: Group, cause: unknown): void {
    this.#end(group);
    try {
      if (this.#options.session.database.inTransaction) this.#statements.rollback.run();
    } catch (err) {
      this.#die(err);
    }
    for (const { member } of group.settled) member.reject(unavailable(cause));
    this.#goOn();
  }

  #end(group: Group): void {
    if (group.watchdog) clearImmediate(group.watchdog);
    this.#group = null;
    this.#options.known?.settle();
  }

  #die(err: unknown): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#refusal = new Error('the disk failed under a commit', { cause: err });
    for (const member of this.#queue.splice(0)) member.reject(unavailable(err));
    this.#options.onFatal(err);
  }

  #goOn(): void {
    if (this.#queue.length > 0) this.#schedule();
    else for (const resolve of this.#waitingForEnd.splice(0)) resolve();
  }
}
