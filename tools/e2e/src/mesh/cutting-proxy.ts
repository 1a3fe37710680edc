import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes go: up to the router, or down from it. */
type Direction = 'up' | 'down';

/** Where the first connection is cut: before this many pieces of one direction have passed. */
export interface CutAt {
  readonly direction: Direction;
  readonly piece: number;
}

/** A way to a port that is cut once, at a place in the conversation. */
export interface CuttingProxy {
  readonly endpoint: string;
  readonly wasCut: () => boolean;
  close(): void;
}

const portOf = (endpoint: string): number => Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));

/** Opens a proxy before an endpoint of this machine. Connections after the first one that is cut pass. */
export async function openCuttingProxy(target: string, { direction, piece }: CutAt): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let cut = false;
  const server = createServer((client) => {
    const upstream = connect({ port: portOf(target), host: '127.0.0.1', noDelay: true });
    let passed = 0;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const pass = (way: Direction, into: Socket) => (bytes: Buffer) => {
      if (way === direction && !cut) {
        passed += 1;
        if (passed >= piece) {
          cut = true;
          return end();
        }
      }
      into.write(bytes);
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', pass('up', upstream));
    upstream.on('data', pass('down', client));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `tcp://127.0.0.1:${port}`,
    wasCut: () => cut,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
