import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { ExecError, toEnvelope } from '@xem/errors';
import type { Clock, IdSource } from '@xem/runtime';
import { answerJson, openHeaders } from './answer.ts';
import type { HttpApp } from './app.ts';

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

/** What a request that no route can see is answered with. */
function refusalOf(err: NodeJS.ErrnoException): ExecError {
  if (err.code === 'HPE_HEADER_OVERFLOW')
    return new ExecError('payload_too_large', 'the headers are too large');
  if (err.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ExecError('invalid_body', 'the request did not arrive in time');
  return new ExecError('invalid_body', 'the request is not valid HTTP');
}

/** Answers what the parser refused, on the bare socket. */
function refuseSocket(err: NodeJS.ErrnoException, socket: Duplex, ids: IdSource): void {
  if (err.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const refusal = refusalOf(err);
  const status = refusal.status ?? 400;
  const body = JSON.stringify(toEnvelope(refusal));
  const headers = {
    ...openHeaders(ids.uuid()),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** Answers a request whose target or host cannot be read. */
function refuseRequest(ids: IdSource): Response {
  const refusal = new ExecError('invalid_body', 'the target or the host of the request is not valid');
  const requestId = ids.uuid();
  return answerJson({ headers: openHeaders(requestId) }, 400, toEnvelope(refusal));
}

function createHttpServer({ app, ids }: ServeOptions): Server {
  const listener = getRequestListener(app.hono.fetch, { errorHandler: () => refuseRequest(ids) });
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    void listener(incoming, outgoing);
  const server = createServer({ ...TIMEOUTS, noDelay: true, requireHostHeader: false }, serve);
  server.on('checkExpectation', serve);
  server.on('clientError', (err, socket) => refuseSocket(err, socket, ids));
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
