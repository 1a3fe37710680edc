import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { ExecError, toEnvelope } from '@xem/errors';
import type { Clock, IdSource } from '@xem/runtime';
import { answerJson, openHeaders } from './answer.ts';
import type { HttpApp } from './app.ts';
import { refuseSocket } from './refuse-socket.ts';

/** Within these times, in milliseconds, a client must have sent its headers, and all of its request. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
} as const;

interface ServeOptions {
  readonly app: HttpApp;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** How long `close` lets requests under way finish. */
  readonly graceMs: number;
}

/** A server that listens. */
export interface HttpServer {
  /** Without a trailing slash. */
  readonly url: string;
  /** Refuses new requests, ends streams and waits, lets the rest finish for the grace, then cuts. */
  close(): Promise<void>;
}

/** Answers a request whose target or host cannot be read. */
function refuseRequest(ids: IdSource): Response {
  const refusal = new ExecError('invalid_body', 'the target or the host of the request is not valid');
  const requestId = ids.uuid();
  return answerJson({ headers: openHeaders(requestId) }, 400, toEnvelope(refusal));
}

function createHttpServer(options: ServeOptions): Server {
  const { app, ids } = options;
  const listener = getRequestListener(app.hono.fetch, { errorHandler: () => refuseRequest(ids) });
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    void listener(incoming, outgoing);
  const server = createServer({ ...TIMEOUTS, noDelay: true, requireHostHeader: false }, serve);
  server.on('checkExpectation', serve);
  server.on('clientError', (err, socket) => refuseSocket(err, socket, options));
  return server;
}

const isNetworkAddress = (address: ReturnType<Server['address']>): address is AddressInfo =>
  typeof address === 'object' && address !== null;

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (!isNetworkAddress(address)) throw new Error('the HTTP server has no address');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

async function closeServer(server: Server, { app, clock, graceMs }: ServeOptions): Promise<void> {
  app.drain();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cancelCut = clock.after(graceMs, () => server.closeAllConnections());
  await closed;
  cancelCut();
  app.close();
}

/** Serves an app on a socket. Rejects when the address cannot be taken. */
export function serveHttp(options: ServeOptions): Promise<HttpServer> {
  const server = createHttpServer(options);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve({ url: urlOf(server, options.host), close: () => closeServer(server, options) });
    });
  });
}
