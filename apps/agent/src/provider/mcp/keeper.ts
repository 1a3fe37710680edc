import type { Clock } from '@xem/runtime';
import type { Connection } from './connection.ts';

/** Which revisions of the protocol a try begins with. */
export type Mode = 'auto' | 'legacy';

/** Keeps a connection: opens it again, after longer and longer pauses, each time it is over. */
export interface Keeper {
  /** The connection; while there is none, what a try brings that is made at once: a connection, or why there is none. */
  reach(): Promise<Connection | string>;
  /** Gives up a connection that proved bad. */
  drop(connection: Connection): void;
  close(): void;
}

interface KeeperContext {
  readonly clock: Clock;
  /** Opens a connection that can be used at once. */
  open(mode: Mode): Promise<Connection>;
  /** A try, or a connection, is over. */
  onDown(why: string, retryMs: number): void;
}

/** From one try to the next; twice as long after each that failed. */
const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 60_000;

/** A connection that lasted so long was a good one. */
const STEADY_MS = 60_000;

const OVER = 'the server is not wanted any more';

const whyOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));

/** A pause that can be cut short. */
function createPause(clock: Clock) {
  let over: PromiseWithResolvers<void> | null = null;
  return {
    wake: () => over?.resolve(),
    wait: async (ms: number): Promise<void> => {
      const mine = (over = Promise.withResolvers<void>());
      const cancel = clock.after(ms, mine.resolve);
      await mine.promise;
      cancel();
    },
  };
}

/** Begins to keep a connection. */
export function keepConnected(ctx: KeeperContext): Keeper {
  const { clock } = ctx;
  const pause = createPause(clock);
  let current: Connection | null = null;
  let next = Promise.withResolvers<Connection | string>();
  const closing = new AbortController();
  let mode: Mode = 'auto';
  /** A server may die of a question it does not know; then it is asked the other way. */
  const open = async (): Promise<Connection> => {
    try {
      return await ctx.open(mode);
    } catch {
      mode = mode === 'auto' ? 'legacy' : 'auto';
      return ctx.open(mode);
    }
  };
  const tell = (outcome: Connection | string): void => {
    next.resolve(outcome);
    next = Promise.withResolvers();
  };
  const live = async (): Promise<string> => {
    try {
      current = await open();
    } catch (err) {
      return whyOf(err);
    }
    if (closing.signal.aborted) current.close();
    tell(current);
    const why = await current.closed;
    current = null;
    return why;
  };
  const keep = async (): Promise<void> => {
    for (let retryMs = RETRY_MS_MIN; !closing.signal.aborted; retryMs = Math.min(retryMs * 2, RETRY_MS_MAX)) {
      const startedAt = clock.monotonic();
      const why = await live();
      if (clock.monotonic() - startedAt > STEADY_MS) retryMs = RETRY_MS_MIN;
      tell(why);
      if (closing.signal.aborted) return;
      ctx.onDown(why, retryMs);
      await pause.wait(retryMs);
    }
  };
  void keep();
  return {
    reach: async () => {
      if (current) return current;
      if (closing.signal.aborted) return OVER;
      const { promise } = next;
      pause.wake();
      return promise;
    },
    drop: (connection) => connection.close(),
    close: () => {
      closing.abort();
      pause.wake();
      current?.close();
      tell(OVER);
    },
  };
}
