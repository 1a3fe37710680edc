import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** What a server was asked. */
export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server on a free port of the loopback that writes down what it is asked. */
export interface RecordingServer {
  /** `127.0.0.1:PORT`, as a bundle names it. */
  readonly host: string;
  readonly asked: readonly Asked[];
  /** Resolves with the first request. */
  readonly first: Promise<Asked>;
  close(): Promise<void>;
}

type Answer = (asked: Asked, response: ServerResponse) => void;

const Address = z.object({ port: z.int() });

/** Names in lower case and values, in the order they came; of a repeated one the last. */
const headersOf = ({ rawHeaders }: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers[(rawHeaders[at] ?? '').toLowerCase()] = rawHeaders[at + 1] ?? '';
  }
  return headers;
};

export async function openRecordingServer(answer: Answer): Promise<RecordingServer> {
  const asked: Asked[] = [];
  const first = Promise.withResolvers<Asked>();
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: target = '' } = request;
    const one = { method, target, headers: headersOf(request), body: await text(request) };
    asked.push(one);
    first.resolve(one);
    answer(one, response);
  };
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = Address.parse(server.address());
  return {
    host: `127.0.0.1:${port}`,
    asked,
    first: first.promise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
