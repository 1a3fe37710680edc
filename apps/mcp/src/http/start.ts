import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Lifecycle } from '@xem/runtime';
import type { Parts } from '../caller.ts';
import { createMcpHttpApp, MCP_PATH } from './app.ts';

interface HttpOptions {
  readonly parts: Parts;
  readonly lifecycle: Lifecycle;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

const isNetworkAddress = (address: ReturnType<Server['address']>): address is AddressInfo =>
  typeof address === 'object' && address !== null;

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (!isNetworkAddress(address)) throw new Error('the HTTP server has no address');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}${MCP_PATH}`;
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Serves Streamable HTTP and resolves with the full address. Rejects when the address cannot be taken. */
export async function startHttp({ parts, lifecycle, host, port }: HttpOptions): Promise<string> {
  const { hono, handler } = createMcpHttpApp(parts, host);
  const listener = getRequestListener(hono.fetch);
  const server = createServer({ noDelay: true }, (incoming, outgoing) => void listener(incoming, outgoing));
  await listen(server, host, port);
  lifecycle.own(server, close);
  lifecycle.own(handler, (owned) => owned.close());
  return urlOf(server, host);
}
