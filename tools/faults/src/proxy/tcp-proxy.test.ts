import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { systemClock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { openTcpProxy } from './tcp-proxy.ts';

const clock = systemClock();

/** An echo behind a proxy, and somebody who is connected to it. */
async function scene() {
  const peers: Socket[] = [];
  const echo = createServer((socket) => {
    peers.push(socket);
    socket.on('error', () => undefined).pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  const proxy = await openTcpProxy(clock, typeof address === 'object' ? (address?.port ?? 0) : 0);
  const client = connect({ port: proxy.port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  const heard: string[] = [];
  client.on('data', (piece) => heard.push(String(piece)));
  await once(client, 'connect');
  onTestFinished(async () => {
    client.destroy();
    for (const peer of peers) peer.destroy();
    await proxy.close();
    echo.close();
  });
  const answer = (word: string): Promise<unknown> => {
    client.write(word);
    return once(client, 'data');
  };
  return { proxy, client, heard, answer, peers };
}

test('proxy.pass carries bytes both ways', async () => {
  const { answer, heard } = await scene();
  await answer('hello');
  expect(heard).toEqual(['hello']);
});

test.each(['up', 'down'] as const)('proxy.hold keeps what goes %s until it is healed', async (direction) => {
  const { proxy, client, heard, answer } = await scene();
  await answer('before');
  proxy.hold(direction);
  client.write('held');
  await clock.sleep(50);
  expect(heard).toEqual(['before']);
  const late = once(client, 'data');
  proxy.heal();
  await late;
  expect(heard.join(' ')).toBe('before held');
});

test('proxy.delay makes every piece come later', async () => {
  const { proxy, answer } = await scene();
  await answer('before');
  proxy.delay(60);
  const startedAt = clock.monotonic();
  await answer('slow');
  expect(clock.monotonic() - startedAt).toBeGreaterThan(110);
});

test('proxy.cutAfter ends a connection in the middle of a message', async () => {
  const { proxy, client, heard, answer } = await scene();
  await answer('before');
  proxy.cutAfter(3, 'down');
  client.write('hello');
  await new Promise((resolve) => client.once('close', resolve));
  expect(['hel', '']).toContain(heard.slice(1).join(''));
});

test('proxy.halfOpen leaves one end alone with nobody', async () => {
  const { proxy, client, heard, answer } = await scene();
  await answer('before');
  proxy.halfOpen('down');
  client.write('anybody there?');
  await clock.sleep(50);
  expect([heard, client.destroyed]).toEqual([['before'], false]);
});

test('proxy.reset ends every connection', async () => {
  const { proxy, client, answer } = await scene();
  await answer('before');
  const closed = new Promise((resolve) => client.once('close', resolve));
  proxy.reset();
  await closed;
});
