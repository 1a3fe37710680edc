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
  /** Names besides those of this machine, with commas between. */
  readonly allowedHosts: string;
}

/** An IPv6 address as it stands in a URL. */
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The host names that a request may carry: what a hostile page makes a browser send has another. */
const hostsOf = ({ host, allowedHosts }: HttpOptions): readonly string[] => {
  const named = allowedHosts.split(',').map((name) => name.trim());
  return [...new Set(['localhost', '127.0.0.1', '[::1]', bracketed(host), ...named])].filter(Boolean);
};

const isNetworkAddress = (address: ReturnType<Server['address']>): address is AddressInfo =>
  typeof address === 'object' && address !== null;

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (!isNetworkAddress(address)) throw new Error('the HTTP server has no address');
  return `http://${bracketed(host)}:${address.port}${MCP_PATH}`;
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

/** Connections are kept longer than clients keep them: one that is given up while it is used again is reset. */
const OPTIONS = { noDelay: true, keepAliveTimeout: 65_000 } as const;

/** Serves Streamable HTTP and resolves with the full address. Rejects when the address cannot be taken. */
export async function startHttp(options: HttpOptions): Promise<string> {
  const { parts, lifecycle, host, port } = options;
  const { hono, handler } = createMcpHttpApp(parts, hostsOf(options));
  const listener = getRequestListener(hono.fetch);
  const server = createServer(OPTIONS, (incoming, outgoing) => void listener(incoming, outgoing));
  await listen(server, host, port);
  lifecycle.own(server, close);
  lifecycle.own(handler, (owned) => owned.close());
  return urlOf(server, host);
}
