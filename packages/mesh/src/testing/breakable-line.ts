import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP line to an endpoint that can be cut. */
export interface BreakableLine {
  /** Where to dial instead. */
  readonly endpoint: string;
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
  const server = createServer((near) => {
    const far = own(connect(Number(new URL(endpoint).port), '127.0.0.1'));
    own(near).pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    endpoint: `tcp://127.0.0.1:${port}`,
    cut: () => {
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}
