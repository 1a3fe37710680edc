import type { Cancel, Clock } from '@xem/runtime';
import { bytesOf, type Delivery, type Parts, type RouterSocket } from '../wire/transport.ts';

const RETRY_MS = 5;
const RETRY_MS_MAX = 100;

interface LineOptions {
  readonly clock: Clock;
  readonly socket: Pick<RouterSocket, 'send'>;
  readonly to: Uint8Array;
  readonly queueBytes: number;
  /** The peer is gone; told once, and never after `end`. */
  readonly gone: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The way out to one peer: messages in order, one under way, the rest waiting up to a bound. A peer that does not read
 * is tried again and again and holds up nobody else. After `end` nothing of what waited goes out.
 */
export interface Line {
  send(parts: Parts): 'sent' | 'queued' | 'full';
  /** Forgets what waits, sends these last parts when they fit, and is silent from then on. */
  end(last?: Parts): void;
  readonly queuedBytes: number;
  readonly bytesOut: number;
}

interface Waiting {
  readonly parts: Parts;
  readonly bytes: number;
}

interface LineState {
  queue: Waiting[];
  queuedBytes: number;
  bytesOut: number;
  busy: boolean;
  behind: boolean;
  over: boolean;
  retryMs: number;
  cancelRetry: Cancel;
}

function takeNext(state: LineState): void {
  const next = state.queue.shift();
  if (next === undefined) return;
  state.queuedBytes -= next.bytes;
  state.bytesOut += next.bytes;
}

function clear(state: LineState): void {
  state.over = true;
  state.queue = [];
  state.queuedBytes = 0;
  state.cancelRetry();
}

/** Acts on what became of the first message in line; true when the next can go at once. */
function settle({ gone }: LineOptions, state: LineState, delivery: Delivery): boolean {
  if (state.over) return false;
  if (delivery === 'gone') {
    clear(state);
    gone();
    return false;
  }
  if (delivery === 'sent') {
    state.behind = false;
    state.retryMs = RETRY_MS;
    takeNext(state);
    return true;
  }
  state.behind = true;
  state.retryMs = Math.min(state.retryMs * 2, RETRY_MS_MAX);
  return false;
}

async function drain(options: LineOptions, state: LineState): Promise<void> {
  const { clock, socket, to } = options;
  let next = state.queue[0];
  while (next !== undefined && !state.over) {
    const delivery = await socket.send(to, next.parts);
    next = settle(options, state, delivery) ? state.queue[0] : undefined;
  }
  state.busy = false;
  if (!state.over && state.behind)
    state.cancelRetry = clock.after(state.retryMs, () => start(options, state));
}

function start(options: LineOptions, state: LineState): void {
  if (state.busy || state.over) return;
  state.busy = true;
  drain(options, state).catch((error: unknown) => options.failed(error));
}

/** A line to one peer. */
export function createLine(options: LineOptions): Line {
  const { socket, to, queueBytes } = options;
  const state: LineState = {
    queue: [],
    queuedBytes: 0,
    bytesOut: 0,
    busy: false,
    behind: false,
    over: false,
    retryMs: RETRY_MS,
    cancelRetry: () => undefined,
  };
  return {
    send: (parts) => {
      const bytes = bytesOf(parts);
      if (state.over || (state.queuedBytes > 0 && state.queuedBytes + bytes > queueBytes)) return 'full';
      state.queue.push({ parts, bytes });
      state.queuedBytes += bytes;
      if (!state.behind) start(options, state);
      return state.behind ? 'queued' : 'sent';
    },
    end: (last) => {
      if (state.over) return;
      clear(state);
      if (last !== undefined) socket.send(to, last).catch((error: unknown) => options.failed(error));
    },
    get queuedBytes() {
      return state.queuedBytes;
    },
    get bytesOut() {
      return state.bytesOut;
    },
  };
}
