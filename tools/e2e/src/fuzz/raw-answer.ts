import { connect } from 'node:net';
import type { Exchange } from '@xem/router/contract';
import { systemClock } from '@xem/runtime';

/** What came back for some bytes: an exchange, nothing but the end of the connection, or not even that. */
export type RawOutcome = Exchange | 'closed' | 'hangs';

/** Whoever has heard nothing after this long calls it a hang: the router cuts an unfinished request after 30 s. */
const PATIENCE_MS = 60_000;

/** Undoes the chunks of a body. */
function joinChunks(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end === -1 ? 0 : Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/** Reads the last answer in what a connection brought; interim ones before it are left out. */
function readAnswer(asked: Pick<Exchange, 'method' | 'target'>, bytes: Buffer): RawOutcome {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return 'closed';
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(first.split(' ')[1]);
  const rest = bytes.subarray(headEnd + 4);
  if (status < 200) return readAnswer(asked, rest);
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const isChunked = headers.get('transfer-encoding') === 'chunked';
  const body = isChunked ? joinChunks(rest) : rest.subarray(0, Number(headers.get('content-length') ?? 0));
  return { ...asked, status, headers, body: isStream ? null : body };
}

const IS_STREAM = /\r\ncontent-type: text\/event-stream/i;

/** Sends bytes over a connection of their own, and reads until it ends; of a stream no more than how it begins. */
export function sendBytes(
  baseUrl: string,
  asked: Pick<Exchange, 'method' | 'target'> & { readonly bytes: Buffer; readonly hangsUp: boolean },
): Promise<RawOutcome> {
  const { hostname, port } = new URL(baseUrl);
  const { bytes, hangsUp, method, target } = asked;
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    const settle = (outcome: RawOutcome): void => {
      giveUp();
      socket.destroy();
      resolve(outcome);
    };
    const giveUp = systemClock().after(PATIENCE_MS, () => settle('hangs'));
    const end = (): void => settle(readAnswer({ method, target }, Buffer.concat(pieces)));
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      if (IS_STREAM.test(piece.toString('latin1'))) end();
    });
    socket.on('close', end);
    socket.on('error', end);
    socket.write(bytes);
    if (hangsUp) socket.end();
  });
}
