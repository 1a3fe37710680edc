import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { WebhookBody } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import { z } from 'zod';

/** One message as it came in, and how long its connection lasted; infinite while it does. */
interface Arrival {
  readonly path: string;
  readonly seq: number;
  /** What the event is about: messages about one thing come one after another. */
  readonly subject: string;
  readonly type: string;
  readonly cameAt: number;
  lastedMs: number;
}

/** Somebody webhooks send to. */
export interface WebhookTarget {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** Bytes that the router has not refused to take. */
  readonly written: () => number;
  close(): void;
}

/** What a target does with a message once it has read it. */
type Manner = (
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  clock: Clock,
) => void;

const DRIP_MS = 100;
const PIECE = Buffer.alloc(64 * 1024, 0x78);

const pour = (response: ServerResponse): void => {
  while (!response.destroyed && response.write(PIECE));
};

/** Ways not to take a message, and the one to take it. */
export const MANNERS = {
  honest: ({ response }) => void response.writeHead(204).end(),
  silent: () => undefined,
  dripping: ({ request: { socket } }, clock) => {
    const head = `HTTP/1.1 200 OK\r\n${'x-more: x\r\n'.repeat(100)}`;
    let at = 0;
    const cancel = clock.every(DRIP_MS, () => void socket.write(head.charAt(at++) || 'x'));
    socket.once('close', cancel);
  },
  resetting: ({ request: { socket } }) => void socket.resetAndDestroy(),
  endless: ({ response }) => {
    response.writeHead(200).on('drain', () => pour(response));
    pour(response);
  },
  circular: ({ response }) => void response.writeHead(307, { location: '/again' }).end(),
} as const satisfies Record<string, Manner>;

export type MannerName = keyof typeof MANNERS;

function subjectOf({ data }: WebhookBody): string {
  return data.invocation_id ?? data.agent_id ?? data.workspace_id ?? '';
}

async function read(request: IncomingMessage): Promise<WebhookBody> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return WebhookBody.parse(JSON.parse(Buffer.concat(pieces).toString('utf8')));
}

/** Opens a target on this machine. */
export async function openWebhookTarget(clock: Clock, manner: Manner): Promise<WebhookTarget> {
  const arrivals: Arrival[] = [];
  let written = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const cameAt = clock.monotonic();
    const event = await read(request);
    const { type, data } = event;
    const path = request.url ?? '';
    const arrival: Arrival = {
      path,
      seq: data.seq,
      subject: subjectOf(event),
      type,
      cameAt,
      lastedMs: Infinity,
    };
    arrivals.push(arrival);
    const { socket } = request;
    socket.once('close', () => {
      arrival.lastedMs = clock.monotonic() - cameAt;
      written += socket.bytesWritten;
    });
    manner({ request, response }, clock);
  };
  const server = createServer((request, response) => {
    request.socket.on('error', () => undefined);
    response.on('error', () => undefined);
    take(request, response).catch(() => request.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/xem`,
    arrivals,
    written: () => written,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
