import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A request that a test server got. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one request; `nth` counts those of the same route from 0. */
export type Handler = (request: Received, response: ServerResponse, nth: number) => void | Promise<void>;

/** A router's stand-in over real sockets. */
export interface TestServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  /** Cuts every connection, as a crash would. */
  cut(): void;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

interface Head {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers with JSON and a request id. */
export function json(
  response: ServerResponse,
  body: unknown,
  { status = 200, headers = {} }: Head = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-1', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers with an error's envelope; `error` holds its code at least. */
export function refuse(response: ServerResponse, error: object, head: Head): void {
  json(response, { error: { message: 'no', type: 'invalid_request_error', param: null, ...error } }, head);
}

/** Starts a server whose routes are `METHOD /path`, the query left aside. Anything else is 404 `route_not_found`. */
export async function startServer(routes: Readonly<Record<string, Handler>>): Promise<TestServer> {
  const received: Received[] = [];
  const counts = new Map<string, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const got: Received = { method, url, headers, body: await readBody(request) };
    received.push(got);
    const name = `${method} ${url.split('?')[0]}`;
    const nth = counts.get(name) ?? 0;
    counts.set(name, nth + 1);
    const handler = routes[name];
    if (handler) await handler(got, response, nth);
    else refuse(response, { code: 'route_not_found' }, { status: 404 });
  };
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    received,
    cut: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
