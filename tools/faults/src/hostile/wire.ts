import type { MeshNetwork } from '@xem/mesh';
import { Dealer } from 'zeromq';

type Parts = readonly Uint8Array[];
type Dial = MeshNetwork['dial'];
type Line = ReturnType<Dial>;

/** A line of somebody who does not keep to anything. */
export interface RawLine extends Line {
  readonly heard: Parts[];
  readonly isDown: () => boolean;
}

interface RawOptions {
  readonly endpoint: string;
  readonly routerCurveKey: string;
  readonly curve: { readonly publicKey: string; readonly secretKey: string };
}

const OVER = new Set(['disconnect', 'close', 'handshake:error:auth', 'handshake:error:protocol']);

/** Dials with ZeroMQ and nothing else: no limits, no handshake of its own, no manners. */
export function openRawLine(
  { endpoint, routerCurveKey, curve }: RawOptions,
  onMessage: (parts: Parts) => void = () => undefined,
  onDown: () => void = () => undefined,
): RawLine {
  const socket = new Dealer({
    linger: 0,
    curveServerKey: routerCurveKey,
    curvePublicKey: curve.publicKey,
    curveSecretKey: curve.secretKey,
    reconnectInterval: -1,
    sendTimeout: 5000,
  });
  const heard: Parts[] = [];
  const state = { isDown: false };
  const down = (): void => {
    if (state.isDown) return;
    state.isDown = true;
    socket.close();
    onDown();
  };
  const receiveAll = async (): Promise<void> => {
    for (;;) {
      const parts = await socket.receive();
      heard.push(parts);
      onMessage(parts);
    }
  };
  const watch = async (): Promise<void> => {
    for await (const { type } of socket.events) if (OVER.has(type)) down();
  };
  socket.connect(endpoint);
  receiveAll().catch(down);
  watch().catch(down);
  return {
    heard,
    isDown: () => state.isDown,
    close: down,
    send: async (parts) => {
      if (state.isDown) return false;
      return socket.send([...parts]).then(
        () => true,
        () => false,
      );
    },
  };
}

/** A network whose lines send, for each frame, whatever `change` makes of it. */
export const changingNetwork = (change: (parts: Parts) => readonly Parts[]): MeshNetwork => ({
  listen: () => Promise.reject(new Error('an intruder does not listen')),
  dial: ({ endpoint, routerCurveKey, curve, events }) => {
    const down = (): void => events.down('disconnected');
    const line = openRawLine({ endpoint, routerCurveKey, curve }, events.message, down);
    return {
      close: (lingerMs) => line.close(lingerMs),
      send: async (parts) => {
        for (const changed of change(parts)) if (!(await line.send(changed))) return false;
        return true;
      },
    };
  },
});
