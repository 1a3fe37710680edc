import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

/** A router whose parts are as given. */
async function routerWith(parts: Readonly<Record<string, boolean>>): Promise<string> {
  const isReady = Object.values(parts).every(Boolean);
  const server = createServer((request, response) => {
    const readiness = request.url === '/readyz';
    response.writeHead(readiness && !isReady ? 503 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(readiness ? { status: isReady ? 'ready' : 'not_ready', parts } : { status: 'ok' }),
    );
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

test.each([
  [{ store: true, accepting: true }, 0, true],
  [{ store: true, accepting: false }, 75, false],
])('health of a router whose parts are %j ends with %i', async (parts, exit, ready) => {
  const baseUrl = await routerWith(parts);
  const outcome = await xeroctl(['health', '-o', 'json'], { baseUrl });
  expect(outcome.exit).toBe(exit);
  expect(JSON.parse(outcome.stdout)).toEqual({ router: baseUrl, alive: true, ready, parts });
});

test('health of a router that does not answer ends with 75, without a stack', async () => {
  const outcome = await xeroctl(['health', '-o', 'json', '--base-url', 'http://127.0.0.1:1']);
  expect([outcome.exit, outcome.stderr]).toEqual([75, '']);
  expect(JSON.parse(outcome.stdout)).toMatchObject({ alive: false, ready: false, parts: {} });
});

test('health without an address is a wrong call', async () => {
  expect(await xeroctl(['health'])).toMatchObject({ exit: 2 });
});
