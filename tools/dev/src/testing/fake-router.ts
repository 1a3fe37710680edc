import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Stands in for the router: real sockets, and a join key for whoever asks. */
async function listen(server: Server, port: string | undefined): Promise<number> {
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

const mintLog = join(process.env['XEM_DATA_DIR'] ?? '', 'minted');
const http = createHttpServer((request, response) => {
  appendFileSync(mintLog, `${request.headers.authorization}\n`);
  response
    .writeHead(201, { connection: 'close', 'content-type': 'application/json' })
    .end(JSON.stringify({ value: 'xjk_fake' }));
});
const httpPort = await listen(http, process.env['XEM_HTTP_PORT']);
const dataPort = await listen(createServer(), process.env['XEM_DATA_PORT']);
const enrollPort = await listen(createServer(), process.env['XEM_ENROLL_PORT']);
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.send?.({
  type: 'ready',
  http_url: `http://127.0.0.1:${httpPort}`,
  data_endpoint: `tcp://127.0.0.1:${dataPort}`,
  enroll_endpoint: `tcp://127.0.0.1:${enrollPort}`,
});
