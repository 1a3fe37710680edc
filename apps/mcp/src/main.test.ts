import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  invocationSample,
  json,
  sendEvent,
  settledSample,
  startStream,
  WORKSPACE_ID,
} from '@xem/client/testing';
import { expect, test } from 'vitest';
import { connectStdio } from './testing/clients.ts';
import { CANCEL, INVOCATION, INVOCATIONS, KEY, openWorld } from './testing/stand-in.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

test('xem-mcp takes back a read when its client closes standard input', async () => {
  const waiting = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  await using world = await openWorld({
    routes: {
      [INVOCATIONS]: (_, response) => json(response, invocationSample(), { status: 201 }),
      [INVOCATION]: ({ headers }, response) =>
        headers['prefer'] === 'wait=0'
          ? json(response, invocationSample({ status: 'running' }))
          : waiting.resolve(),
      [CANCEL]: (_, response) => {
        json(response, settledSample({ status: 'cancelled' }));
        cancelled.resolve();
      },
    },
  });
  const env = { XEM_API_KEY: KEY, XEM_BASE_URL: world.router.baseUrl, XEM_WORKSPACE: WORKSPACE_ID };
  const client = await connectStdio('auto', { env });
  const asked = client.call('pods_get').catch(() => 'left');
  await waiting.promise;
  await client[Symbol.asyncDispose]();
  await cancelled.promise;
  expect(await asked).toBe('left');
});

test('xem-mcp says nothing but the protocol on standard output, and ends with its input', async () => {
  const child = spawn(process.execPath, [MAIN], { env: {}, stdio: 'pipe' });
  let said = '';
  child.stdout.on('data', (piece: Buffer) => (said += String(piece)));
  const answered = once(child.stdout, 'data');
  child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  await answered;
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
  for (const line of said.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
});

test('xem-mcp tells its client when agents come and go', async () => {
  await using world = await openWorld({
    routes: {
      'GET /v1/exec/executions/stream': (_, response) => {
        startStream(response);
        sendEvent(response, { event: 'agent.online', id: '7', data: { type: 'agent.online', seq: 7 } });
      },
    },
  });
  const env = { XEM_API_KEY: KEY, XEM_BASE_URL: world.router.baseUrl, XEM_WORKSPACE: WORKSPACE_ID };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const send = (message: object): unknown =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  send({ id: 1, method: 'initialize', params });
  send({ method: 'notifications/initialized' });
  let said = '';
  for await (const piece of child.stdout) {
    said += String(piece);
    if (said.includes('notifications/tools/list_changed')) break;
  }
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
  const [url] = world.router.received.flatMap((got) => (got.url.includes('stream') ? [got.url] : []));
  expect(url).toContain('types=agent.online');
});

test('xem-mcp over HTTP tells its supervisor where, and ends with it', async () => {
  const child = spawn(process.execPath, [MAIN, '--http'], {
    env: { XEM_MCP_PORT: '0' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [ready] = await once(child, 'message');
  expect(ready).toEqual({ type: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/) });
  const ended = once(child, 'exit');
  child.disconnect();
  expect(await ended).toEqual([0, null]);
});

test('xem-mcp ends with 78 on a setting it cannot read', async () => {
  const child = spawn(process.execPath, [MAIN], { env: { XEM_MCP_CATALOG: 'some' }, stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([78, null]);
});
