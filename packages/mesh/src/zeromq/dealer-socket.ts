import { Dealer, type EventType } from 'zeromq';
import type { DealerSocket, DialOptions, DownReason } from '../wire/transport.ts';
import { DEALER_OPTIONS } from './socket-options.ts';

/** Events after which the connection is over. `close` without a connection: nobody answered at the endpoint. */
const ENDINGS: Partial<Record<EventType, DownReason>> = {
  close: 'unreachable',
  disconnect: 'disconnected',
  'handshake:error:auth': 'auth',
  'handshake:error:protocol': 'protocol',
  'handshake:error:other': 'disconnected',
};

/** Connects a DEALER socket, once. It never chooses its routing id. */
export function dialDealer({ endpoint, routerCurveKey, curve, events }: DialOptions): DealerSocket {
  const socket = new Dealer({
    ...DEALER_OPTIONS,
    curveServerKey: routerCurveKey,
    curvePublicKey: curve.publicKey,
    curveSecretKey: curve.secretKey,
  });
  let over = false;
  const close = (lingerMs: number): void => {
    if (over) return;
    over = true;
    socket.linger = lingerMs;
    socket.close();
  };
  const down = (reason: DownReason): void => {
    if (over) return;
    close(0);
    events.down(reason);
  };
  const receiveAll = async (): Promise<void> => {
    for (;;) events.message(await socket.receive());
  };
  const watch = async (): Promise<void> => {
    for await (const event of socket.events) {
      const reason = ENDINGS[event.type];
      if (reason !== undefined) down(reason);
    }
  };
  watch().catch(() => down('disconnected'));
  try {
    socket.connect(endpoint);
  } catch {
    queueMicrotask(() => down('unreachable'));
  }
  receiveAll().catch(() => down('disconnected'));
  return {
    close,
    send: async (parts) => {
      if (over) return false;
      try {
        await socket.send([...parts]);
        return true;
      } catch {
        return false;
      }
    },
  };
}
