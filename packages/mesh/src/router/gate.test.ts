import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

const limits = { enrollPerSecond: 2, enrollBurst: 3 };

function fixture() {
  const clock = virtualClock();
  const gate = createGate({ clock, limits, admits: (key) => key === 'known' });
  return { clock, gate };
}

test('gate lets enrolled keys to the data socket and nobody else', () => {
  const { gate } = fixture();
  expect(gate.admit({ socket: 'data', curveKey: 'known', sourceAddress: '10.0.0.1' })).toBe(true);
  expect(gate.admit({ socket: 'data', curveKey: 'stranger', sourceAddress: '10.0.0.1' })).toBe(false);
  expect(gate.addressOf('known')).toBe('10.0.0.1');
  expect(gate.addressOf('stranger')).toBeNull();
});

test('gate lets any key to the enrollment socket at the rate of its address', async () => {
  const { clock, gate } = fixture();
  const knock = (sourceAddress: string): boolean =>
    gate.admit({ socket: 'enrollment', curveKey: 'any', sourceAddress });
  expect([knock('a'), knock('a'), knock('a'), knock('a')]).toEqual([true, true, true, false]);
  expect(knock('b')).toBe(true);
  await clock.advance(500);
  expect([knock('a'), knock('a')]).toEqual([true, false]);
});

test('gate remembers who knocked at the enrollment socket', () => {
  const { gate } = fixture();
  gate.admit({ socket: 'enrollment', curveKey: 'new', sourceAddress: 'a' });
  gate.admit({ socket: 'data', curveKey: 'known', sourceAddress: 'a' });
  expect([gate.knocked('new'), gate.knocked('known')]).toEqual([true, false]);
});
