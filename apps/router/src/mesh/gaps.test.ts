import { ExecutionId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createGaps } from './gaps.ts';

const id = (last: number): ExecutionId =>
  ExecutionId.parse(`01890000-0000-7000-8000-${String(last).padStart(12, '0')}`);

test('gaps give a result five chances, and new ones once it was taken', () => {
  const gaps = createGaps();
  const chances = Array.from({ length: 6 }, () => gaps.hasAnotherChance(id(1)));
  expect(chances).toEqual([true, true, true, true, true, false]);
  gaps.forget(id(1));
  expect(gaps.hasAnotherChance(id(1))).toBe(true);
});

test('gaps forget the oldest of ten thousand', () => {
  const gaps = createGaps();
  for (let time = 0; time < 5; time += 1) gaps.hasAnotherChance(id(0));
  for (let other = 1; other <= 10_000; other += 1) gaps.hasAnotherChance(id(other));
  expect(gaps.hasAnotherChance(id(0))).toBe(true);
});
