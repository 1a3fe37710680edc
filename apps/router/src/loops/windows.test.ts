import { maintenance } from '@xem/domain';
import { inWorld } from '@xem/domain/testing';
import { createMaintenance } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import { expect, test } from 'vitest';
import { startWindows } from './windows.ts';

test('the router starts and ends windows at their times by itself', () =>
  inWorld(async ({ services, operator, clock }) => {
    const at = (ms: number): string => toTimestamp(clock.now() + ms);
    const asked = { title: 'Upgrade', severity: 'critical', starts_at: at(5000), ends_at: at(20_000) };
    const { id } = await maintenance.create(operator, createMaintenance.input.parse(asked));
    const statusAfter = async (ms: number): Promise<string> => {
      const loop = startWindows(services);
      await clock.advance(ms);
      await loop.stop();
      return (await maintenance.get(operator, { id })).status;
    };
    expect(await statusAfter(4000)).toBe('scheduled');
    expect(await statusAfter(1000)).toBe('in_progress');
    expect(await statusAfter(14_000)).toBe('in_progress');
    expect(await statusAfter(1000)).toBe('completed');
  }));
