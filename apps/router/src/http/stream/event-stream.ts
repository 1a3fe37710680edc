import { ExecError } from '@xem/errors';
import { HEARTBEAT_MS } from '@xem/protocol';
import { toRefusal } from '../answer.ts';
import type { Admitted } from '../edge.ts';
import { watchCaller } from '../watch-caller.ts';
import { renderError, renderHeartbeat } from './sse.ts';

/** A client that leaves this much unread is cut off. */
const BUFFER_BYTES_MAX = 1024 * 1024;

/** Below this much unread, who reads at the client's pace goes on. */
const BUFFER_BYTES_LOW = 64 * 1024;

/** How long a client that was cut off may take to read what is left. */
const LINGER_MS = 30_000;

/** The sending half of a stream of server-sent events. */
export interface EventStream {
  /** Where the follower is: the `id:` of heartbeats. */
  position: string | number;
  readonly closed: boolean;
  /** Queues bytes; the client that lets too many pile up is cut off with an `error` event. */
  send(bytes: Uint8Array): void;
  /** Resolves when the client has read nearly everything, or when the stream is closed. */
  room(): Promise<void>;
  /** Ends the stream. */
  end(): void;
  /** Ends the stream with an `error` event. */
  fail(err: unknown): void;
  /** Calls when the stream is over, whoever ended it. */
  onClose(call: () => void): void;
}

interface Pipe extends EventStream {
  readonly body: ReadableStream<Uint8Array>;
}

function createPipe(): Pipe {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let closed = false;
  const waiting = new Set<() => void>();
  const closers: (() => void)[] = [];
  const unread = (): number => BUFFER_BYTES_MAX - (controller?.desiredSize ?? BUFFER_BYTES_MAX);
  const release = (): void => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const finish = (): void => {
    if (closed) return;
    closed = true;
    release();
    for (const call of closers.splice(0)) call();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => void (controller = given),
      pull: () => {
        if (unread() <= BUFFER_BYTES_LOW) release();
      },
      cancel: finish,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES_MAX }),
  );
  const end = (last?: Uint8Array): void => {
    if (closed) return;
    if (last) controller?.enqueue(last);
    controller?.close();
    finish();
  };
  const fail = (err: unknown): void => end(renderError(toRefusal(err)));
  return {
    body,
    position: 0,
    get closed() {
      return closed;
    },
    send: (bytes) => {
      if (closed) return;
      const before = unread();
      if (before === 0 || before + bytes.length <= BUFFER_BYTES_MAX) controller?.enqueue(bytes);
      else fail(new ExecError('unavailable', 'the client reads too slowly; resume with Last-Event-ID'));
    },
    room: () =>
      closed || unread() <= BUFFER_BYTES_LOW
        ? Promise.resolve()
        : new Promise((resolve) => waiting.add(resolve)),
    end: () => end(),
    fail,
    onClose: (call) => (closed ? call() : void closers.push(call)),
  };
}

/** Ends a stream with the right to it, when the router drains, and with its socket when nobody reads its end. */
function limitStream(request: Admitted, stream: Pipe): void {
  const { ctx, edge, c } = request;
  const { clock } = ctx;
  const drain = (): void =>
    stream.fail(new ExecError('unavailable', 'the router is stopping; resume with Last-Event-ID'));
  const cancelBeat = clock.every(HEARTBEAT_MS, () => stream.send(renderHeartbeat(stream.position)));
  const watch = watchCaller(request, (refusal) => stream.fail(refusal));
  edge.refusing.addEventListener('abort', drain);
  stream.onClose(() => {
    cancelBeat();
    watch.stop();
    edge.refusing.removeEventListener('abort', drain);
    const outgoing = c.env?.outgoing;
    if (!outgoing) return;
    const cut = clock.after(LINGER_MS, () => outgoing.destroy());
    outgoing.once('close', cut);
  });
  if (edge.refusing.aborted) drain();
}

/** Answers with a stream of events that `follow` fills. What `follow` throws becomes the stream's last event. */
export function answerEvents(request: Admitted, follow: (stream: EventStream) => Promise<void>): Response {
  const headers = {
    ...request.headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  };
  if (request.c.req.raw.method === 'HEAD') return new Response(null, { headers });
  const stream = createPipe();
  limitStream(request, stream);
  follow(stream).catch((err: unknown) => {
    const refusal = toRefusal(err);
    if (refusal.code === 'internal')
      request.ctx.log.error('http.stream_failed', { requestId: request.requestId, err });
    stream.fail(refusal);
  });
  return new Response(stream.body, { headers });
}
