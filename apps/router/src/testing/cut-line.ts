import type { MeshNetwork } from '@xem/mesh';
import type { FrameKind } from '@xem/protocol';

type DialOptions = Parameters<MeshNetwork['dial']>[0];
type Parts = Parameters<DialOptions['events']['message']>[0];

/** At which frame a line is cut, and whether that one still gets through. */
export interface Cut {
  readonly kind: FrameKind;
  readonly passes: boolean;
}

/** A network whose line is cut once, and the moment it is. */
export interface CuttingNetwork {
  readonly network: MeshNetwork;
  readonly isCut: () => boolean;
}

const kindOf = (parts: Parts): string => Buffer.from(parts[0] ?? []).toString();

/** Cuts the line of an agent once, at a frame that it sends or that it is sent; lines dialled afterwards hold. */
export function cuttingNetwork(network: MeshNetwork, { kind, passes }: Cut): CuttingNetwork {
  let isCut = false;
  const isDue = (parts: Parts): boolean => !isCut && kindOf(parts) === kind;
  const dial = (options: DialOptions): ReturnType<MeshNetwork['dial']> => {
    const { events } = options;
    let isDown = false;
    const cut = (): void => {
      isCut = true;
      isDown = true;
      socket.close(0);
      events.down('disconnected');
    };
    const socket = network.dial({
      ...options,
      events: {
        message: (parts) => {
          if (isDue(parts)) cut();
          else if (!isDown) events.message(parts);
        },
        down: (reason) => {
          if (!isDown) events.down(reason);
        },
      },
    });
    return {
      close: (lingerMs) => socket.close(lingerMs),
      send: async (parts) => {
        if (isDown) return false;
        if (!isDue(parts)) return socket.send(parts);
        if (passes) await socket.send(parts);
        cut();
        return false;
      },
    };
  };
  return { network: { ...network, dial }, isCut: () => isCut };
}
