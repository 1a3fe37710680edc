import { Dealer } from 'zeromq';
import { decodeFrame, encodeFrame, FRAME_BYTES, type Frame } from './frame.ts';

/** A CURVE key pair in Z85. */
export interface CurveKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

interface Options {
  readonly endpoint: string;
  readonly routerCurveKey: string;
  readonly curve: CurveKeys;
  readonly onFrame: (frame: Frame) => void;
  /** Called once, when the connection is gone or was closed. */
  readonly onLost: (why: string) => void;
}

/** One connection to a router. */
export interface Line {
  send(frame: Frame): void;
  /** Closes at once. */
  close(): void;
  /** Closes when everything has been sent. */
  end(): Promise<void>;
}

const LINGER_MS = 500;
const ENDS = ['disconnect', 'close', 'handshake:error:auth', 'handshake:error:protocol'] as const;

/** Dials an endpoint once. */
export function openLine({ endpoint, routerCurveKey, curve, onFrame, onLost }: Options): Line {
  const socket = new Dealer({
    curveServerKey: routerCurveKey,
    curvePublicKey: curve.publicKey,
    curveSecretKey: curve.secretKey,
    reconnectInterval: -1,
    heartbeatInterval: 1000,
    heartbeatTimeout: 3000,
    maxMessageSize: FRAME_BYTES,
    linger: 0,
  });
  let sending = Promise.resolve();
  let isOpen = true;
  const end = (why: string): void => {
    if (!isOpen) return;
    isOpen = false;
    socket.close();
    onLost(why);
  };
  for (const event of ENDS) socket.events.on(event, () => end(event));
  const sendNow = async (frame: Frame): Promise<void> => {
    if (isOpen) await socket.send(encodeFrame(frame));
  };
  const listen = async (): Promise<void> => {
    for await (const parts of socket) {
      const frame = readable(parts);
      if (frame && isOpen) onFrame(frame);
    }
  };
  socket.connect(endpoint);
  listen().catch((error: unknown) => end(String(error)));
  return {
    send: (frame) => {
      sending = sending.then(() => sendNow(frame)).catch((error: unknown) => end(String(error)));
    },
    close: () => end('closed'),
    end: async () => {
      await sending;
      if (isOpen) socket.linger = LINGER_MS;
      end('closed');
    },
  };
}

/** A frame that cannot be read is dropped; so is the empty part that only asks whether we live. */
function readable(parts: readonly Uint8Array[]): Frame | null {
  try {
    return decodeFrame(parts);
  } catch {
    return null;
  }
}
