import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { closedLoop } from './closed-loop.ts';

test('closed loop keeps as many calls under way as there are clients', async () => {
  let underWay = 0;
  let most = 0;
  const call = async (): Promise<void> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await Promise.resolve();
    underWay -= 1;
  };
  const sample = await closedLoop({
    clock: virtualClock(),
    clients: 4,
    call,
    goesOn: (begun) => begun < 100,
  });
  expect(most).toBe(4);
  expect(sample).toMatchObject({ clients: 4, calls: 100 });
});

test('closed loop begins no call once the time is over, and tells rates and times', async () => {
  const clock = virtualClock();
  const call = async (): Promise<void> => clock.advance(10);
  const sample = await closedLoop({ clock, clients: 1, call, goesOn: (_, elapsedMs) => elapsedMs < 95 });
  expect(sample).toEqual({ clients: 1, calls: 10, callsPerSecond: 100, p50Ms: 10, p99Ms: 10 });
});

test('closed loop fails with the call that fails', async () => {
  const loop = closedLoop({
    clock: virtualClock(),
    clients: 2,
    call: () => Promise.reject(new Error('refused')),
    goesOn: () => true,
  });
  await expect(loop).rejects.toThrow('refused');
});
