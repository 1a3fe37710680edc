import { toEnvelope, type ExecError } from '@xem/errors';
import { STREAM_EVENTS } from '@xem/protocol';

interface EventParts {
  readonly event: string;
  readonly data: unknown;
  readonly id?: string | number;
}

/** One server-sent event as bytes. JSON holds no line break, so `data` is one line. */
export function renderEvent({ event, data, id }: EventParts): Buffer {
  const position = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${position}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** A sign of life that moves a follower's position without an event. */
export const renderHeartbeat = (id: string | number): Buffer => Buffer.from(`: alive\nid: ${id}\n\n`);

/** The last event of a stream that ends before its time; it has no id, so that a client resumes where it was. */
export const renderError = (error: ExecError): Buffer =>
  renderEvent({ event: STREAM_EVENTS.error, data: toEnvelope(error) });
