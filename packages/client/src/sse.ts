import { createParser } from 'eventsource-parser';
import { ClientError } from './client-error.ts';

/** One event of a stream; `event` is null where only the position moved. */
export interface SseMessage {
  readonly event: string | null;
  readonly id: string | null;
  readonly data: string;
}

/** The largest event there is carries a call with 256 KiB of arguments, each byte escaped. */
const EVENT_CHARACTERS_MAX = 4 * 1024 * 1024;

/**
 * Reads the events of an answer until it ends. `onBytes` is told of every chunk, heartbeats included.
 * @throws ClientError when an event is larger than any may be, and whatever a broken connection throws
 */
export async function* readMessages(
  response: Response,
  onBytes: () => void,
): AsyncGenerator<SseMessage, void, void> {
  const queue: SseMessage[] = [];
  let overflow: Error | null = null;
  const parser = createParser({
    maxBufferSize: EVENT_CHARACTERS_MAX,
    onId: (id) => queue.push({ event: null, id, data: '' }),
    onEvent: ({ event = 'message', id = null, data }) => {
      if (id !== null) queue.pop();
      queue.push({ event, id, data });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') overflow = error;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    onBytes();
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* queue.splice(0);
    if (overflow)
      throw new ClientError({
        kind: 'malformed',
        code: 'internal',
        message: 'an event is too large',
        cause: overflow,
      });
  }
}
