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
  /** How long `close` lets callers wait for what they wait for. */
  readonly waitMs: number;
  /** How long requests under way may take to be answered after that. */
  readonly graceMs: number;
}

/** A server that listens. */
export interface HttpServer {
  /** How many requests are not answered to their end. */
  open(): number;
  /** Without a trailing slash. */
  readonly url: string;
  /**
   * Refuses new requests and ends streams at once, and goes on answering so while callers wait; then stops listening,
   * answers those that still wait with what there is, and cuts what is not finished within the grace.
   */
  close(): Promise<void>;
}

/** Answers a request whose target or host cannot be read. */
function refuseRequest(ids: IdSource): Response {
  const refusal = new ExecError('invalid_body', 'the target or the host of the request is not valid');
  const requestId = ids.uuid();
  return answerJson({ headers: openHeaders(requestId) }, 400, toEnvelope(refusal));
}

/** Requests that are not answered yet. */
interface UnderWay {
  add(outgoing: ServerResponse): void;
  count(): number;
  /** Resolves at the first moment without any. */
  over(): Promise<void>;
}

function createUnderWay(): UnderWay {
  const open = new Set<ServerResponse>();
  const waiting = new Set<() => void>();
  return {
    add: (outgoing) => {
      open.add(outgoing);
      outgoing.once('close', () => {
        open.delete(outgoing);
        if (open.size === 0) for (const resolve of waiting) resolve();
      });
    },
    count: () => open.size,
    over: async () => {
      if (open.size > 0) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}

function createHttpServer(options: ServeOptions, underWay: UnderWay): Server {
  const { app, ids } = options;
  const listener = getRequestListener(app.hono.fetch, {
    errorHandler: () => refuseRequest(ids),
    // It would read what is left of a refused body; see `lingerAtClose`.
    autoCleanupIncoming: false,
  });
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    underWay.add(outgoing);
    void listener(incoming, outgoing);
  };
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

interface Serving {
  readonly server: Server;
  readonly underWay: UnderWay;
}

async function closeServer({ server, underWay }: Serving, options: ServeOptions): Promise<void> {
  const { app, clock, waitMs, graceMs } = options;
  app.refuse();
  const enough = new AbortController();
  await Promise.race([underWay.over(), clock.sleep(waitMs, enough.signal).catch(() => undefined)]);
  enough.abort();
  app.drain();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  void underWay.over().then(() => server.closeIdleConnections());
  const cancelCut = clock.after(graceMs, () => server.closeAllConnections());
  await closed;
  cancelCut();
  app.close();
}

/** Serves an app on a socket. Rejects when the address cannot be taken. */
export function serveHttp(options: ServeOptions): Promise<HttpServer> {
  const underWay = createUnderWay();
  const server = createHttpServer(options, underWay);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve({
        url: urlOf(server, options.host),
        open: () => underWay.count(),
        close: () => closeServer({ server, underWay }, options),
      });
    });
  });
}
