import type { FetchLike } from '@modelcontextprotocol/client';

const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** How many bytes a reader of events must hold at the end of some more bytes of a stream: those since the last blank line. */
type Held = (bytes: Uint8Array) => number;

function holdEvents(): Held {
  let held = 0;
  let lineBytes = 0;
  let last = 0;
  return (bytes) => {
    for (const byte of bytes) {
      const isPair = byte === LINE_FEED && last === CARRIAGE_RETURN;
      const endsLine = !isPair && (byte === LINE_FEED || byte === CARRIAGE_RETURN);
      held = endsLine && lineBytes === 0 ? 0 : held + 1;
      if (endsLine) lineBytes = 0;
      else if (!isPair) lineBytes += 1;
      last = byte;
    }
    return held;
  };
}

function holdAll(): Held {
  let held = 0;
  return (bytes) => (held += bytes.length);
}

/**
 * Cuts off answers that would not fit into memory. A stream that a server keeps open has no end to be counted to: there
 * it is each event that may not be longer.
 */
export const boundedFetch: FetchLike = async (url, init) => {
  const response = await fetch(url, init);
  if (!response.body) return response;
  const held = init?.method === 'POST' ? holdAll() : holdEvents();
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, controller) => {
      if (held(bytes) <= ANSWER_BYTES_MAX) controller.enqueue(bytes);
      else controller.error(new Error(`the answer is over ${ANSWER_BYTES_MAX} bytes`));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(bounded), { status, statusText, headers });
};
