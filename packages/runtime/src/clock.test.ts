import { expect, test } from 'vitest';
import { systemClock, toTimestamp } from './clock.ts';
import { virtualClock } from './testing/virtual-clock.ts';

test('systemClock never goes back', () => {
  const clock = systemClock();
  const times = Array.from({ length: 1000 }, () => clock.now());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('systemClock goes on at its pace when the wall clock is set back, and follows it ahead', () => {
  const machine = { wall: 1_000_000, monotonic: 50 };
  const clock = systemClock({ wall: () => machine.wall, monotonic: () => machine.monotonic });
  const after = (monotonicMs: number, wallMs: number): number => {
    machine.monotonic += monotonicMs;
    machine.wall += wallMs;
    return clock.now();
  };
  expect(after(0, 0)).toBe(1_000_000);
  expect(after(10, -3_600_000)).toBe(1_000_010);
  expect(after(5000, 5000)).toBe(1_005_010);
  expect(after(0.6, 0)).toBe(1_005_010);
  expect(after(1, 2 * 3_600_000)).toBe(4_605_000);
});

test('systemClock.sleep rejects with the reason of its signal', async () => {
  const controller = new AbortController();
  const slept = systemClock().sleep(60_000, controller.signal);
  controller.abort(new Error('enough'));
  await expect(slept).rejects.toThrow();
});

test('systemClock.after calls once, and not after it was cancelled', async () => {
  const clock = systemClock();
  const calls: string[] = [];
  clock.after(1, () => calls.push('cancelled'))();
  await new Promise<void>((resolve) => {
    clock.after(2, () => (calls.push('called'), resolve()));
  });
  expect(calls).toEqual(['called']);
});

test('systemClock.every calls until it is cancelled', async () => {
  const clock = systemClock();
  let calls = 0;
  await new Promise<void>((resolve) => {
    const cancel = clock.every(1, () => {
      calls += 1;
      if (calls === 3) cancel();
      if (calls === 3) resolve();
    });
  });
  expect(calls).toBe(3);
});

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [1_767_225_600_001, '2026-01-01T00:00:00.001Z'],
])('toTimestamp writes %i as %s', (ms, text) => {
  expect(toTimestamp(ms)).toBe(text);
});

test('virtualClock runs timers in the order they fall due, at their own time', async () => {
  const clock = virtualClock(0);
  const calls: string[] = [];
  clock.after(30, () => calls.push(`late ${clock.now()}`));
  clock.after(10, () => calls.push(`early ${clock.now()}`));
  clock.every(20, () => calls.push(`every ${clock.now()}`));
  await clock.advance(40);
  expect(calls).toEqual(['early 10', 'every 20', 'late 30', 'every 40']);
  expect(clock.now()).toBe(40);
});

test('virtualClock wakes a sleeper when its time has come, and rejects one that is aborted', async () => {
  const clock = virtualClock();
  const controller = new AbortController();
  let woken = false;
  const slept = clock.sleep(10).then(() => (woken = true));
  const aborted = clock.sleep(10_000, controller.signal);
  await clock.advance(9);
  expect(woken).toBe(false);
  await clock.advance(1);
  await slept;
  controller.abort(new Error('over'));
  await expect(aborted).rejects.toThrow('over');
});
