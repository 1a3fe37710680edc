import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookMessage } from '@xem/domain';
import { inWorld, type TestWorld } from '@xem/domain/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createPost, type PostMessage } from './post.ts';
import type { HostAddress } from './resolve.ts';

const LOOPBACK: HostAddress = { address: '127.0.0.1', family: 4 };

const messageTo = (url: string): WebhookMessage => ({
  url,
  headers: { 'Content-Type': 'application/json', 'Content-Length': '2' },
  body: '{}',
});

/** A server of this machine, and the port it listens on. */
async function listen(answer: RequestListener): Promise<{ port: number; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has one
  return { port: (server.address() as AddressInfo).port, requests };
}

/** What sends in a world whose names lead to these addresses. */
function postIn(
  { services }: TestWorld,
  allowed: readonly string[],
  addresses: readonly HostAddress[],
): PostMessage {
  const settings = { ...services.settings, webhookAllowedHosts: allowed };
  return createPost({ ...services, settings }, async () => addresses);
}

test('post sends the message as it is, and takes any 2xx for delivered', () =>
  inWorld(async (world) => {
    const { port, requests } = await listen((_, response) => response.writeHead(202).end('thanks'));
    const post = postIn(world, ['hooks.test'], [LOOPBACK]);
    expect(await post(messageTo(`http://hooks.test:${port}/in?x=1`))).toEqual({
      responseStatus: 202,
      error: null,
    });
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/in?x=1' });
    expect(requests[0]?.headers).toMatchObject({
      host: `hooks.test:${port}`,
      'content-type': 'application/json',
    });
  }));

test.each([
  [500, 'the target answered 500'],
  [404, 'the target answered 404'],
  [301, 'the target answered 301; redirects are not followed'],
  [307, 'the target answered 307; redirects are not followed'],
])('post takes %i for failed, and goes nowhere else', (status, error) =>
  inWorld(async (world) => {
    const { port, requests } = await listen((_, response) =>
      response.writeHead(status, { location: '/elsewhere' }).end(),
    );
    const post = postIn(world, ['hooks.test'], [LOOPBACK]);
    expect(await post(messageTo(`http://hooks.test:${port}/`))).toEqual({ responseStatus: status, error });
    expect(requests).toHaveLength(1);
  }),
);

test('post reads little of an answer without an end', () =>
  inWorld(async (world) => {
    let closed: Promise<unknown> = Promise.resolve();
    const { port } = await listen((_, response) => {
      closed = once(response, 'close');
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1024)));
      };
      response.on('drain', more);
      more();
    });
    const post = postIn(world, ['hooks.test'], [LOOPBACK]);
    expect(await post(messageTo(`http://hooks.test:${port}/`))).toEqual({ responseStatus: 200, error: null });
    await closed;
  }));

test('post gives up on a target that does not answer within ten seconds', () =>
  inWorld(async (world) => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const { port } = await listen(() => resolve());
    const sent = postIn(world, ['hooks.test'], [LOOPBACK])(messageTo(`http://hooks.test:${port}/`));
    await arrived;
    await world.clock.advance(10_000);
    expect(await sent).toEqual({ responseStatus: null, error: 'no answer within 10 seconds' });
  }));

test('post ends when it is told to', () =>
  inWorld(async (world) => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const { port } = await listen(() => resolve());
    const stop = new AbortController();
    const post = postIn(world, ['hooks.test'], [LOOPBACK]);
    const sent = post(messageTo(`http://hooks.test:${port}/`), stop.signal);
    await arrived;
    stop.abort();
    expect(await sent).toMatchObject({ responseStatus: null });
  }));

const OUT_OF_REACH = 'the host has an address that webhooks may not reach';
const PUBLIC: HostAddress = { address: '93.184.216.34', family: 4 };

test.each<[string, readonly HostAddress[]]>([
  ['loopback', [LOOPBACK]],
  ['a private address beside a public one', [PUBLIC, { address: '10.0.0.1', family: 4 }]],
  ['the address of cloud metadata', [{ address: '169.254.169.254', family: 4 }]],
  ['an IPv4 address within an IPv6 one', [{ address: '::ffff:127.0.0.1', family: 6 }]],
  ['no address at all', [{ address: 'localhost', family: 4 }]],
])('post dials no name that leads to %s', (_what, addresses) =>
  inWorld(async (world) => {
    const { port, requests } = await listen((_, response) => response.end());
    const post = postIn(world, [], addresses);
    expect(await post(messageTo(`https://rebound.example:${port}/`))).toEqual({
      responseStatus: null,
      error: OUT_OF_REACH,
    });
    expect(requests).toEqual([]);
  }),
);

test('post dials the addresses that were judged, whatever the name leads to later', () =>
  inWorld(async (world) => {
    const { port, requests } = await listen((_, response) => response.end());
    const answers: HostAddress[][] = [[LOOPBACK], [{ address: '192.168.7.7', family: 4 }]];
    const settings = { ...world.services.settings, webhookAllowedHosts: ['rebinds.test'] };
    const asked: string[] = [];
    const post = createPost({ ...world.services, settings }, async (host) => {
      asked.push(host);
      return answers.shift() ?? [];
    });
    expect(await post(messageTo(`http://rebinds.test.:${port}/`))).toMatchObject({ responseStatus: 200 });
    expect(requests).toHaveLength(1);
    expect(asked).toEqual(['rebinds.test']);
  }));

test.each(['http://127.0.0.1:9/', 'https://[::1]:9000/', 'https://localhost:9000/'])(
  'post sends nothing to %s, which was allowed when it was made',
  (url) =>
    inWorld(async (world) => {
      expect(await postIn(world, [], [LOOPBACK])(messageTo(url))).toMatchObject({
        responseStatus: null,
        error: expect.stringMatching(/^url /),
      });
    }),
);

test('post says what failed of a target that speaks no TLS', () =>
  inWorld(async (world) => {
    const { port, requests } = await listen((_, response) => response.end());
    const post = postIn(world, ['hooks.test'], [LOOPBACK]);
    expect(await post(messageTo(`https://hooks.test:${port}/`))).toMatchObject({
      responseStatus: null,
      error: expect.stringMatching(/^the connection failed/),
    });
    expect(requests).toEqual([]);
  }));

test.each<[string, readonly HostAddress[], string]>([
  ['a name that is unknown', [], 'the host was not found'],
  ['a port where nobody listens', [LOOPBACK], 'the connection failed: ECONNREFUSED'],
])('post says what failed of %s', (_what, addresses, error) =>
  inWorld(async (world) => {
    const post = postIn(world, ['hooks.test'], addresses);
    expect(await post(messageTo('http://hooks.test:1/'))).toEqual({ responseStatus: null, error });
  }),
);
