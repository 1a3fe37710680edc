import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ExecError, toEnvelope } from '@xem/errors';
import type { Clock, IdSource } from '@xem/runtime';
import { openHeaders } from './answer.ts';

/** What a request that no route can see is answered with. */
function refusalOf(err: NodeJS.ErrnoException): ExecError {
  if (err.code === 'HPE_HEADER_OVERFLOW')
    return new ExecError('payload_too_large', 'the headers are too large');
  if (err.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ExecError('invalid_body', 'the request did not arrive in time');
  return new ExecError('invalid_body', 'the request is not valid HTTP');
}

/** How long a client that was refused may take to read why and to hang up; then its socket is cut. */
const REFUSED_LINGER_MS = 1000;

interface RefuseOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Answers what the parser refused or waited for too long, on the bare socket, which is then cut. */
export function refuseSocket(
  err: NodeJS.ErrnoException,
  socket: Duplex,
  { clock, ids }: RefuseOptions,
): void {
  if (err.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const refusal = refusalOf(err);
  const status = refusal.status ?? 400;
  const body = JSON.stringify(toEnvelope(refusal));
  const headers = {
    ...openHeaders(ids.uuid()),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  const cancelCut = clock.after(REFUSED_LINGER_MS, () => socket.destroy());
  socket.once('close', cancelCut);
}
