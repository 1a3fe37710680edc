import { recordingLog } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { createErrands } from './errands.ts';

test('errands.run logs what fails, so that no rejection ends the process', async () => {
  const log = recordingLog();
  const errands = createErrands(log);
  const err = new Error('the store is closed');
  errands.run('dispatch.offer', () => Promise.reject(err));
  await errands.drained();
  expect(log.lines).toEqual([
    { level: 'error', event: 'errand.failed', fields: { errand: 'dispatch.offer', err } },
  ]);
});

test('errands.drained waits for what was begun meanwhile, too', async () => {
  const errands = createErrands(recordingLog());
  const ended: string[] = [];
  errands.run('first', async () => {
    await Promise.resolve();
    errands.run('second', async () => {
      await Promise.resolve();
      ended.push('second');
    });
    ended.push('first');
  });
  await errands.drained();
  expect(ended).toEqual(['first', 'second']);
});
