import { CRASH_AFTER_SEND_MS, type Clock, type CrashPoint } from '@xem/runtime';
import { zeromqNetwork } from '../zeromq/zeromq-network.ts';
import type { MeshNetwork, Parts, RouterSocket } from './transport.ts';

/**
 * A network that passes crash points, `before-send:<kind>` and `after-send:<kind>` for each frame that goes out: the
 * first before a byte of it is on the line, the second when all of it is.
 */
export function crashingNetwork(crash: CrashPoint, clock: Clock, network = zeromqNetwork): MeshNetwork {
  const passing = async <Outcome>(parts: Parts, send: () => Promise<Outcome>): Promise<Outcome> => {
    const kind = Buffer.from(parts[0] ?? []).toString('latin1');
    crash.reach(`before-send:${kind}`);
    const outcome = await send();
    clock.after(CRASH_AFTER_SEND_MS, () => crash.reach(`after-send:${kind}`));
    return outcome;
  };
  const watched = (socket: RouterSocket): RouterSocket => ({
    endpoint: socket.endpoint,
    send: (to, parts) => passing(parts, () => socket.send(to, parts)),
  });
  return {
    listen: async (options) => {
      const sockets = await network.listen(options);
      const { data, enrollment } = sockets;
      return { data: watched(data), enrollment: watched(enrollment), close: () => sockets.close() };
    },
    dial: (options) => {
      const socket = network.dial(options);
      return {
        send: (parts) => passing(parts, () => socket.send(parts)),
        close: (lingerMs) => socket.close(lingerMs),
      };
    },
  };
}
