import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { WebhookBody } from '@xem/protocol';
import { onTestFinished } from 'vitest';

/** One request that a webhook sent. */
export interface Arrival {
  readonly event: WebhookBody;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly response: ServerResponse;
}

/** A receiver on this machine, which keeps what it was sent. */
export interface Receiver {
  readonly url: string;
  readonly arrivals: Arrival[];
}

/** Opens a receiver that answers as it is told; a null leaves the answer to the test, or to nobody. */
export async function openReceiver(statusFor: (arrival: Arrival) => number | null): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const event = WebhookBody.parse(JSON.parse(Buffer.concat(pieces).toString('utf8')));
      const arrival = { event, headers: request.headers, response };
      const status = statusFor(arrival);
      arrivals.push(arrival);
      if (status !== null) response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/xem`, arrivals };
}

/** The signature of a message, made from what the guide says and nothing of the mesh. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
