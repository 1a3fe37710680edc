import { createServer, type ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import type { Exposition } from './exposition.ts';

interface ServeMetrics {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  readonly read: () => Promise<Exposition>;
}

/** A listener that answers `GET /metrics` and nothing else, without a key. */
export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

async function answer(outgoing: ServerResponse, { read, log }: ServeMetrics): Promise<void> {
  try {
    const { contentType, text } = await read();
    outgoing.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text);
  } catch (err) {
    log.error('metrics.not_read', { err });
    outgoing.writeHead(503).end();
  }
}

/** Serves what Prometheus reads on a port of its own. Rejects when the address cannot be taken. */
export function serveMetrics(options: ServeMetrics): Promise<MetricsServer> {
  const { host, port } = options;
  const server = createServer((incoming, outgoing) => {
    const isAsked = incoming.method === 'GET' && incoming.url?.split('?')[0] === '/metrics';
    if (isAsked) void answer(outgoing, options);
    else outgoing.writeHead(404).end();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      resolve({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
