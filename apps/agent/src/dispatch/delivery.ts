import type { AttemptKey, OutputStream, ResultBody } from '@xem/protocol';
import type { Log } from '@xem/runtime';
import type { OutputChunk, Run } from '../run/run.ts';
import { createCredit, type Credit } from './credit.ts';
import { SessionOver, transmit, type Line } from './line.ts';
import { vouchFor } from './result.ts';

/** How many bytes of each stream the router has. */
type Offsets = Readonly<Record<OutputStream, number>>;

/** Brings what a run wrote, and then how it ended, to the router: in each session from what the router has. */
export interface Delivery {
  /** Begins in a new session. */
  begin(from: Offsets): void;
  /** The session is over; what was on its way counts as not sent. */
  suspend(): void;
  addCredit(bytes: number): void;
  /** Sends the result once more, if it has been sent in this session. */
  repeat(): void;
  /** The same, but not at the first call after it was sent. */
  repeatIfOld(): void;
}

/** An attempt as far as its delivery needs it. */
export interface Deliverable {
  readonly key: AttemptKey;
  /** Null when nothing of it is left but its result. */
  readonly run: Run | null;
  /** Never rejects. */
  readonly result: Promise<ResultBody>;
}

interface DeliveryContext {
  readonly line: Line;
  readonly log: Log;
}

interface Pass {
  readonly signal: AbortSignal;
  readonly credit: Credit;
  readonly from: Offsets;
}

interface Piece {
  readonly key: AttemptKey;
  readonly stream: OutputStream;
  readonly chunk: OutputChunk;
}

async function sendChunk(line: Line, { credit, signal }: Pass, { key, stream, chunk }: Piece): Promise<void> {
  for (let at = 0; at < chunk.bytes.length;) {
    const allowed = await credit.take(chunk.bytes.length - at);
    signal.throwIfAborted();
    const body = { v: 1 as const, ...key, stream, offset: chunk.offset + at };
    await transmit(line, { kind: 'output', body, payload: chunk.bytes.subarray(at, at + allowed) });
    at += allowed;
  }
}

/** Prepares the delivery of an attempt; nothing is sent before `begin`. */
export function createDelivery({ line, log }: DeliveryContext, { key, run, result }: Deliverable): Delivery {
  let session: { readonly abort: AbortController; readonly credit: Credit } | null = null;
  let sent: ResultBody | null = null;
  let isOld = false;
  const follow = async (pass: Pass, stream: OutputStream): Promise<void> => {
    if (!run) return;
    try {
      for await (const chunk of run[stream].read(pass.from[stream], pass.signal)) {
        await sendChunk(line, pass, { key, stream, chunk });
      }
    } catch (err) {
      if (err instanceof SessionOver) throw err;
      log.error('attempt.output_unreadable', { ...key, stream, err });
    }
  };
  const deliver = async (pass: Pass): Promise<void> => {
    await Promise.all([follow(pass, 'stdout'), follow(pass, 'stderr')]);
    const body = vouchFor(await result, pass.from);
    pass.signal.throwIfAborted();
    await transmit(line, { kind: 'result', body });
    if (pass.signal.aborted) return;
    sent = body;
    isOld = false;
  };
  const suspend = (): void => {
    if (sent === null) session?.abort.abort(new SessionOver());
    session = null;
    sent = null;
  };
  const repeat = (): void => {
    if (sent) line.send({ kind: 'result', body: sent });
  };
  return {
    begin: (from) => {
      suspend();
      const abort = new AbortController();
      session = { abort, credit: createCredit(abort.signal) };
      deliver({ signal: abort.signal, credit: session.credit, from }).catch((err: unknown) => {
        if (!(err instanceof SessionOver)) log.error('attempt.delivery_failed', { ...key, err });
        abort.abort(new SessionOver());
      });
    },
    suspend,
    addCredit: (bytes) => session?.credit.add(bytes),
    repeat,
    repeatIfOld: () => {
      if (isOld) repeat();
      isOld = sent !== null;
    },
  };
}
