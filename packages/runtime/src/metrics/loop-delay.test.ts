import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { virtualClock } from '../testing/index.ts';
import { watchLoopDelay } from './loop-delay.ts';

const HELD_MS = 100;

/** Holds the loop up, once it has turned so often that somebody has looked at it. */
async function holdLoop(): Promise<void> {
  const clock = systemClock();
  await clock.sleep(HELD_MS);
  const end = clock.monotonic() + HELD_MS;
  while (clock.monotonic() < end);
  await clock.sleep(HELD_MS);
}

test('watchLoopDelay tells the longest delay once a second, until it is closed', async () => {
  const clock = virtualClock();
  const told: number[] = [];
  const watch = watchLoopDelay(clock, (ms) => told.push(ms));
  await holdLoop();
  await clock.advance(1000);
  expect(told).toHaveLength(1);
  expect(told[0]).toBeGreaterThan(HELD_MS / 2);
  await clock.advance(1000);
  expect(told).toHaveLength(2);
  watch.close();
  await clock.advance(5000);
  expect(told).toHaveLength(2);
});
