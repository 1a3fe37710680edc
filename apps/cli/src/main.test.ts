import {
  INVOCATION_ID,
  executionSample,
  invocationSample,
  json,
  pageSample,
  sendEvent,
  startServer,
  startStream,
} from '@xem/client/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

/** Real processes take their time on a busy machine. */
const PATIENCE_MS = 120_000;

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function start(words: readonly string[], baseUrl = 'http://127.0.0.1:9', program = at('main.ts')) {
  const env = { PATH: process.env['PATH'], XEROTIER_BASE_URL: baseUrl, XEROTIER_API_KEY: 'k' };
  const child = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = text(child.stdout).catch(() => '');
  return { child, stdout, stderr: text(child.stderr), ended: once(child, 'exit') };
}

test.each(['--version', '-V', '-v'])(
  'xeroctl %s says its version',
  { timeout: PATIENCE_MS },
  async (word) => {
    const { stdout, ended } = start([word]);
    expect(await ended).toEqual([0, null]);
    expect(await stdout).toBe(`xeroctl ${packageJson.version}\n`);
  },
);

test(
  'xeroctl exec watch ends with 130 at Ctrl-C, and leaves the run alone',
  { timeout: PATIENCE_MS },
  async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    await using server = await startServer({
      [`GET /v1/exec/invocations/${INVOCATION_ID}/stream`]: (_, response) => {
        startStream(response);
        sendEvent(response, { event: 'invocation.snapshot', data: invocationSample(), id: '1.0.0.0' });
        open();
      },
    });
    const { child, stderr, ended } = start(['exec', 'watch', INVOCATION_ID], server.baseUrl);
    await opened;
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(await stderr).toContain(`To cancel it: xeroctl exec cancel ${INVOCATION_ID}`);
  },
);

test('xeroctl ends quietly when nobody reads what it writes', { timeout: PATIENCE_MS }, async () => {
  await using server = await startServer({
    'GET /v1/exec/executions': (_, response) =>
      json(response, pageSample(Array.from({ length: 5000 }, () => executionSample()))),
  });
  const { child, stderr, ended } = start(['exec', 'list'], server.baseUrl);
  child.stdout.destroy();
  expect(await ended).toEqual([0, null]);
  expect(await stderr).toBe('');
});

test('the bundle of xeroctl works, and holds no schema library', { timeout: PATIENCE_MS }, async () => {
  const build = spawn(process.execPath, [at('bundle.ts')], { stdio: 'inherit' });
  expect(await once(build, 'exit')).toEqual([0, null]);
  for (const name of await readdir(at('../dist')))
    expect(await readFile(at(`../dist/${name}`), 'utf8')).not.toMatch(/ZodType|pino/);
  await using server = await startServer({
    'GET /v1/exec/executions': (_, response) => json(response, pageSample([executionSample()])),
  });
  const bundled = start(['exec', 'list', '-o', 'yaml'], server.baseUrl, at('../dist/xeroctl.mjs'));
  expect(await bundled.ended).toEqual([0, null]);
  expect(await bundled.stdout).toMatch(/^object: list\ndata:\n/);
});

test.each(['bash', 'zsh', 'fish'])(
  'xeroctl completion %s prints a script that asks xeroctl',
  { timeout: PATIENCE_MS },
  async (shell) => {
    const { stdout, ended } = start(['completion', shell]);
    expect(await ended).toEqual([0, null]);
    expect(await stdout).toContain('xeroctl complete --');
  },
);
