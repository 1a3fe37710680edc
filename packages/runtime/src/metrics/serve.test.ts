import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../log.ts';
import { serveMetrics } from './serve.ts';

const started = async (read: () => Promise<{ contentType: string; text: string }>) => {
  const server = await serveMetrics({ host: '127.0.0.1', port: 0, log: silentLog, read });
  onTestFinished(() => server.close());
  return server;
};

test('serveMetrics answers what it reads, and has no other route', async () => {
  const { url } = await started(async () => ({ contentType: 'text/plain; version=0.0.4', text: 'a 1\n' }));
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain; version=0.0.4',
    'a 1\n',
  ]);
  expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
});

test('serveMetrics answers 503 when it cannot read', async () => {
  const { url } = await started(() => Promise.reject(new Error('no store')));
  expect((await fetch(url)).status).toBe(503);
});
