import { once } from 'node:events';
import {
  createServer,
  request as openRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';
import type { Exchange, Judge } from '@xem/router/contract';
import { systemClock } from '@xem/runtime';

/** More of a body than this is passed on and not kept. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024;

const LARGE_BODY_BYTES = 256 * 1024;
const REFUSAL_MS = 100;

/** What a router answered to those who went through its proxy. */
export interface Observed {
  /** Each thing that was not as the document says, with the request. */
  readonly breaches: readonly string[];
  /** `<operation> <status>` of all answers. */
  readonly answers: ReadonlySet<string>;
}

/** The way to a router on which every answer is held against the router's document. */
export interface ObservingProxy {
  readonly url: string;
  readonly observed: Observed;
  /** Tells what was not as the document says, once. @throws Error when there is something */
  check(): void;
  close(): void;
}

/** Keeps what passes, as long as it is not too much. */
function createCopy(): { add(piece: Uint8Array): void; taken(): Uint8Array | null } {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    add: (piece) => {
      size += piece.length;
      if (size <= KEPT_BYTES_MAX) pieces.push(piece);
      else pieces.length = 0;
    },
    taken: () => (size <= KEPT_BYTES_MAX ? Buffer.concat(pieces) : null),
  };
}

const headersOf = ({ headers }: IncomingMessage): ReadonlyMap<string, string> =>
  new Map(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/**
 * A body that may be refused unread waits for that a moment: what is still being written when the router hangs up
 * would take the answer with it. What then is left of it nobody wants.
 */
function sendBody(incoming: IncomingMessage, upstream: ClientRequest): void {
  if (Number(incoming.headers['content-length'] ?? 0) < LARGE_BODY_BYTES) return void incoming.pipe(upstream);
  upstream.flushHeaders();
  const start = systemClock().after(REFUSAL_MS, () => incoming.pipe(upstream));
  upstream.once('response', () => {
    start();
    incoming.unpipe(upstream).resume();
  });
}

const withoutConnection = (rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== 'connection');

/** Passes a request on and its answer back as they are; what one side cuts is cut on the other. */
function forward(target: URL, observe: (exchange: Exchange) => void) {
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method = 'GET', url = '/', rawHeaders } = incoming;
    const { hostname, port } = target;
    const upstream = openRequest({ hostname, port, method, path: url, headers: rawHeaders, agent: false });
    upstream.on('error', () => {
      incoming.unpipe(upstream).resume();
      if (!outgoing.headersSent) outgoing.destroy();
    });
    upstream.on('response', (answer) => {
      const copy = createCopy();
      const { statusCode: status = 0 } = answer;
      const tell = (body: Uint8Array | null): void =>
        observe({ method, target: url, status, headers: headersOf(answer), body });
      answer.on('data', (piece: Buffer) => copy.add(piece));
      answer.once('end', () => tell(copy.taken()));
      answer.once('aborted', () => tell(null));
      outgoing.writeHead(status, answer.statusMessage, withoutConnection(answer.rawHeaders)).flushHeaders();
      pipeline(answer, outgoing, () => undefined);
    });
    outgoing.once('close', () => upstream.destroy());
    sendBody(incoming, upstream);
  };
}

function createObserved(judge: Judge) {
  const breaches: string[] = [];
  const answers = new Set<string>();
  const observe = (exchange: Exchange): void => {
    const { operation, breaches: found } = judge(exchange);
    const { method, target, status } = exchange;
    if (operation !== null) answers.add(`${operation} ${status}`);
    for (const breach of found)
      breaches.push(`${operation ?? 'no operation'}: ${method} ${target} ${status}: ${breach}`);
  };
  return { observed: { breaches, answers }, observe };
}

/** Opens a proxy before a router; it lives as long as the process, or until it is closed. */
export async function openObservingProxy(routerUrl: string, judge: Judge): Promise<ObservingProxy> {
  const { observed, observe } = createObserved(judge);
  const server = createServer(
    // A client may send on a connection that it kept just when the server gives it up: here only clients do.
    { requireHostHeader: false, requestTimeout: 0, keepAliveTimeout: 0 },
    forward(new URL(routerUrl), observe),
  );
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    observed,
    check: () => {
      const found = [...new Set(observed.breaches.splice(0))];
      if (found.length > 0) throw new Error(`answers are not as the document says:\n${found.join('\n')}`);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
