import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { EVERYTHING_SERVER, openMcpRig, type McpRig } from '../testing/mcp-rig.ts';
import { openRecordingServer } from '../testing/recording-server.ts';
import { outcome } from '../testing/run-rig.ts';

const LONG = { timeout: 120_000 };

let rig: McpRig;
let servers: ChildProcess[] = [];
beforeEach(() => {
  rig = openMcpRig();
});
afterEach(async () => {
  await rig.close();
  await Promise.all(servers.map(stop));
  servers = [];
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the everything server over HTTP; resolves once it listens. */
async function serveEverything(port: number): Promise<ChildProcess> {
  const env = { PATH: process.env['PATH'], PORT: String(port) };
  const server = spawn(process.execPath, [EVERYTHING_SERVER, 'streamableHttp'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  servers.push(server);
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.includes('listening')) break;
  }
  return server;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

test('mcp speaks with a server over HTTP, and finds it again after a restart', LONG, async () => {
  const port = await freePort();
  const first = await serveEverything(port);
  const bundles = await rig.serve(`url: http://127.0.0.1:${port}/mcp`);
  const echo = () => outcome(rig.start(bundles, 'files.echo', { message: 'x' }));
  expect(await echo()).toMatchObject({ stdout: 'Echo: x', end: { status: 'completed' } });
  await stop(first);
  expect((await echo()).end.status).toBe('failed');
  expect((await echo()).end).toMatchObject({ status: 'failed', error: { code: 'tool_spawn_failed' } });
  await serveEverything(port);
  expect(await echo()).toMatchObject({ stdout: 'Echo: x', end: { status: 'completed' } });
});

test('mcp sends a credential in a header, and follows no redirect to another server', LONG, async () => {
  const other = await openRecordingServer((_, response) => response.end());
  const server = await openRecordingServer((_, response) => {
    response.writeHead(307, { location: `http://${other.host}/mcp` }).end();
  });
  rig.bundles.writeCredentials('vault', 'TOKEN=secret-of-vault\n');
  const headers = 'headers: { Authorization: "Bearer {credential:TOKEN}" }';
  const bundles = await rig.serve(`url: http://${server.host}/mcp`, headers, 'credentials_ref: vault');
  expect(bundles.tools).toEqual([]);
  expect(server.asked[0]?.headers['authorization']).toBe('Bearer secret-of-vault');
  expect(other.asked).toEqual([]);
  await Promise.all([server.close(), other.close()]);
});
