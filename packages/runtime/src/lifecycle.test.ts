import { expect, test } from 'vitest';
import { createLifecycle } from './lifecycle.ts';
import { recordingLog } from './testing/recording-log.ts';

test('lifecycle.close closes in reverse order, one after the other', async () => {
  const lifecycle = createLifecycle(recordingLog());
  const closed: string[] = [];
  for (const name of ['store', 'mesh', 'http']) {
    lifecycle.own(name, async () => {
      await Promise.resolve();
      closed.push(name);
    });
  }
  await lifecycle.close();
  expect(closed).toEqual(['http', 'mesh', 'store']);
});

test('lifecycle.own hands back the thing it owns', () => {
  const thing = {};
  expect(createLifecycle(recordingLog()).own(thing, () => undefined)).toBe(thing);
});

test('lifecycle.close goes on when a close fails, and logs it', async () => {
  const log = recordingLog();
  const lifecycle = createLifecycle(log);
  const closed: string[] = [];
  lifecycle.own('store', (name) => void closed.push(name));
  lifecycle.own('mesh', () => {
    throw new Error('socket is gone');
  });
  await lifecycle.close();
  expect(closed).toEqual(['store']);
  expect(log.lines).toMatchObject([{ level: 'error', event: 'process.close_failed' }]);
});

test('lifecycle.close closes once, whoever calls it again', async () => {
  const lifecycle = createLifecycle(recordingLog());
  let closes = 0;
  lifecycle.own('store', () => void (closes += 1));
  await Promise.all([lifecycle.close(), lifecycle.close()]);
  await lifecycle.close();
  expect(closes).toBe(1);
});
