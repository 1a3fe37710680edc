import { bytesOf, type DealerSocket, type Parts } from '../wire/transport.ts';

/** Bytes that wait for the line before `send` says no: the rest stays in the agent's spool, not on its heap. */
const QUEUE_BYTES = 256 * 1024;

/** The way out to the router: frames in order, a bounded number of bytes waiting. */
export interface Outbox {
  /** False when the frame was not taken. An empty outbox takes a frame of any size. */
  put(parts: Parts): boolean;
  /** Resolves true when there is room again, false when the outbox is closed first. */
  room(): Promise<boolean>;
  /** Resolves when everything taken is with the line. */
  emptied(): Promise<void>;
  close(): void;
}

interface OutboxState {
  readonly queue: Parts[];
  readonly waiters: Set<() => void>;
  bytes: number;
  busy: boolean;
  closed: boolean;
}

function wake(state: OutboxState): void {
  for (const waiter of state.waiters) waiter();
  state.waiters.clear();
}

async function drain(socket: Pick<DealerSocket, 'send'>, state: OutboxState): Promise<void> {
  state.busy = true;
  for (let parts = state.queue[0]; parts !== undefined && !state.closed; parts = state.queue[0]) {
    const taken = await socket.send(parts);
    if (!taken) break;
    state.queue.shift();
    state.bytes -= bytesOf(parts);
    if (state.bytes < QUEUE_BYTES / 2) wake(state);
  }
  state.busy = false;
}

async function until(state: OutboxState, holds: () => boolean): Promise<void> {
  while (!state.closed && !holds()) {
    const { promise, resolve } = Promise.withResolvers<void>();
    state.waiters.add(resolve);
    await promise;
  }
}

/** An empty outbox on a socket. */
export function createOutbox(socket: Pick<DealerSocket, 'send'>): Outbox {
  const state: OutboxState = { queue: [], waiters: new Set(), bytes: 0, busy: false, closed: false };
  return {
    put: (parts) => {
      const bytes = bytesOf(parts);
      if (state.closed || (state.bytes > 0 && state.bytes + bytes > QUEUE_BYTES)) return false;
      state.queue.push(parts);
      state.bytes += bytes;
      if (!state.busy) void drain(socket, state);
      return true;
    },
    room: async () => {
      await until(state, () => state.bytes < QUEUE_BYTES / 2);
      return !state.closed;
    },
    emptied: () => until(state, () => state.bytes === 0),
    close: () => {
      state.closed = true;
      wake(state);
    },
  };
}
