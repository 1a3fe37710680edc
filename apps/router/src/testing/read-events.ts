/** A server-sent event; comments and bare ids come as events without a name. */
export interface ReceivedEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** The receiving end of a stream of server-sent events. */
export interface EventReader {
  /** The next event, or null at the end. */
  readonly next: () => Promise<ReceivedEvent | null>;
  /** Events up to and with the first of a name. */
  readonly until: (event: string) => Promise<readonly ReceivedEvent[]>;
  /** All that is left. */
  readonly rest: () => Promise<readonly ReceivedEvent[]>;
  readonly cancel: () => Promise<void>;
}

function parse(block: string): ReceivedEvent {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const data = fields.get('data');
  return {
    event: fields.get('event') ?? '',
    id: fields.get('id') ?? null,
    data: data === undefined ? null : JSON.parse(data),
  };
}

/** Reads the body of an answer as server-sent events. */
export function readEvents(answer: Response): EventReader {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<ReceivedEvent | null> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end !== -1) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        return parse(block);
      }
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) return null;
      text += value;
    }
  };
  const until = async (name: string): Promise<readonly ReceivedEvent[]> => {
    const events: ReceivedEvent[] = [];
    for (let event = await next(); event; event = await next()) {
      events.push(event);
      if (event.event === name) break;
    }
    return events;
  };
  return { next, until, rest: () => until('\n'), cancel: async () => reader?.cancel() };
}
