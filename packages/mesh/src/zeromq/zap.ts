import { Router, type Context } from 'zeromq';
import { z85Encode } from '../key/z85.ts';
import type { Knock, ListenOptions } from '../wire/transport.ts';

const ENDPOINT = 'inproc://zeromq.zap.01';
const CURVE_KEY_BYTES = 32;

/** The names the sockets give in their requests. */
export const ZAP_DOMAINS = { data: 'xem-data', enrollment: 'xem-enrollment' } as const;

interface ZapOptions extends Pick<ListenOptions, 'admit' | 'fatal'> {
  readonly context: Context;
}

const ACCEPT = ['200', 'OK'] as const;

/** A temporary refusal (300) would keep the peer hanging until its handshake times out. */
const REFUSE = ['400', 'not admitted'] as const;

/** A request of RFC 27: envelope, then version, id, domain, address, identity, mechanism and credentials. */
function readKnock(request: readonly Buffer[]): Knock | null {
  const [, domain, address, , mechanism, key] = request;
  if (mechanism?.toString() !== 'CURVE' || key?.byteLength !== CURVE_KEY_BYTES) return null;
  const word = domain?.toString();
  const socket = word === ZAP_DOMAINS.data ? 'data' : 'enrollment';
  if (socket === 'enrollment' && word !== ZAP_DOMAINS.enrollment) return null;
  return { socket, curveKey: z85Encode(key), sourceAddress: address?.toString() ?? '' };
}

function answer(parts: readonly Buffer[], admit: ZapOptions['admit']): (Buffer | string)[] {
  const start = parts.findIndex((part) => part.byteLength === 0) + 1;
  const [version, ...request] = parts.slice(start);
  const knock = readKnock(request);
  const [status, text] = knock !== null && admit(knock) ? ACCEPT : REFUSE;
  return [...parts.slice(0, start), version ?? '1.0', request[0] ?? '', status, text, '', ''];
}

/**
 * Answers who may connect. Whatever ends it, other than `close`, is told to `fatal`: the sockets enforce their domain,
 * so that from then on nobody gets in.
 */
export async function openZap({ context, admit, fatal }: ZapOptions): Promise<{ close(): void }> {
  const socket = new Router({ context, linger: 0 });
  await socket.bind(ENDPOINT);
  let closing = false;
  const serve = async (): Promise<void> => {
    for (;;) await socket.send(answer(await socket.receive(), admit));
  };
  serve().catch((error: unknown) => {
    if (closing) return;
    socket.close();
    fatal(new Error('the ZAP handler died', { cause: error }));
  });
  return {
    close: () => {
      closing = true;
      if (!socket.closed) socket.close();
    },
  };
}
