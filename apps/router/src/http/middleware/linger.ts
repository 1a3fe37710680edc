import type { IncomingMessage } from 'node:http';
import type { Clock } from '@xem/runtime';

/** So long a client that still sends may take to read why it is refused. */
const LINGER_MS = 1000;

/**
 * Lets a client that is refused while it sends read its answer. A connection that is closed with bytes on it is reset,
 * and what was on its way to the client is lost; here the rest is left where it is until the client has gone, or for a
 * second. Nothing more is read.
 */
export function lingerAtClose({ socket }: IncomingMessage, clock: Clock): void {
  socket.destroySoon = () => {
    socket.end();
    socket.pause();
    const cancel = clock.after(LINGER_MS, () => socket.destroy());
    socket.once('close', cancel);
  };
}
