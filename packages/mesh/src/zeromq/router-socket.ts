import { Router, type Context } from 'zeromq';
import type { CurvePair } from '../key/curve.ts';
import type { Delivery, Parts, RouterSocket, RouterSocketEvents } from '../wire/transport.ts';
import { ROUTER_OPTIONS } from './socket-options.ts';

interface RouterSocketOptions {
  readonly context: Context;
  readonly endpoint: string;
  readonly curve: CurvePair;
  readonly zapDomain: string;
  readonly events: RouterSocketEvents;
  readonly fatal: (error: Error) => void;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

async function receiveAll(socket: Router, events: RouterSocketEvents): Promise<void> {
  for (;;) {
    const [from, ...parts] = await socket.receive();
    if (from !== undefined) events.message(from, parts);
  }
}

async function watch(socket: Router, events: RouterSocketEvents): Promise<void> {
  for await (const event of socket.events) if (event.type === 'disconnect') events.disconnected();
}

/** With a send timeout of 0 the answer is there at once; EAGAIN and EHOSTUNREACH concern this peer alone. */
async function deliver(socket: Router, to: Uint8Array, parts: Parts): Promise<Delivery> {
  if (socket.closed) return 'gone';
  try {
    await socket.send([to, ...parts]);
    return 'sent';
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return 'full';
    if (codeOf(error) === 'EHOSTUNREACH' || socket.closed) return 'gone';
    throw error;
  }
}

/** Binds a ROUTER socket behind CURVE and the ZAP handler of its context. @throws when the endpoint is taken */
export async function openRouterSocket(
  options: RouterSocketOptions,
): Promise<RouterSocket & { close(lingerMs: number): void }> {
  const { context, curve, zapDomain, events } = options;
  const socket = new Router({ ...ROUTER_OPTIONS, context, zapDomain, curveSecretKey: curve.secretKey });
  await socket.bind(options.endpoint).catch((cause: unknown) => {
    const says = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot listen on ${options.endpoint}: ${says}`, { cause });
  });
  let closing = false;
  const fail = (error: unknown): void => {
    if (!closing) options.fatal(new Error(`the socket ${options.endpoint} broke`, { cause: error }));
  };
  receiveAll(socket, events).catch(fail);
  watch(socket, events).catch(fail);
  return {
    endpoint: socket.lastEndpoint ?? options.endpoint,
    send: (to, parts) => deliver(socket, to, parts),
    close: (lingerMs) => {
      if (closing) return;
      closing = true;
      socket.linger = lingerMs;
      socket.close();
    },
  };
}
