import { systemClock } from '@xem/runtime';
import { Context } from 'zeromq';
import type { ListenOptions, MeshNetwork, RouterSockets } from '../wire/transport.ts';
import { dialDealer } from './dealer-socket.ts';
import { openRouterSocket } from './router-socket.ts';
import { ROUTER_SOCKETS_MAX } from './socket-options.ts';
import { openZap, ZAP_DOMAINS } from './zap.ts';

const LINGER_MS = 250;

/** An end that comes together with the last words may be noticed before them. */
const LAST_WORDS_MS = 30;

async function listen(options: ListenOptions): Promise<RouterSockets> {
  const { curve, fatal } = options;
  const context = new Context({ maxSockets: ROUTER_SOCKETS_MAX });
  const zap = await openZap({ context, fatal, admit: options.admit });
  const closers = [() => zap.close()];
  const close = async (): Promise<void> => closers.toReversed().forEach((closeOne) => closeOne());
  const open = async (socket: 'data' | 'enrollment', endpoint: string) => {
    const bound = await openRouterSocket({
      context,
      endpoint,
      curve,
      zapDomain: ZAP_DOMAINS[socket],
      events: options[socket],
      fatal,
    });
    closers.push(() => bound.close(LINGER_MS));
    return bound;
  };
  try {
    const data = await open('data', options.dataEndpoint);
    const enrollment = await open('enrollment', options.enrollEndpoint);
    const closeAfterLastWords = async (): Promise<void> => {
      await systemClock().sleep(LAST_WORDS_MS);
      await close();
    };
    return { data, enrollment, close: closeAfterLastWords };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The real network: ZeroMQ over TCP with CURVE. */
export const zeromqNetwork: MeshNetwork = { listen, dial: dialDealer };
