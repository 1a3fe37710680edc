import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP line to an endpoint that can be cut. */
export interface BreakableLine {
  /** Where to dial instead. */
  readonly endpoint: string;
  /** How many pieces went towards the endpoint. */
  readonly passed: () => number;
  /** Resets every connection, and takes no other. */
  cut(): void;
}

/** Opens a line to an endpoint on this machine. */
export async function breakableLine(endpoint: string): Promise<BreakableLine> {
  const sockets = new Set<Socket>();
  const own = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  let passed = 0;
  const server = createServer((near) => {
    near.on('data', () => (passed += 1));
    const far = own(connect(Number(new URL(endpoint).port), '127.0.0.1'));
    own(near).pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    endpoint: `tcp://127.0.0.1:${port}`,
    passed: () => passed,
    cut: () => {
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}
