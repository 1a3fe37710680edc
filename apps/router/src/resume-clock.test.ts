import { HOUR_MS } from '@xem/protocol';
import { inWorld } from '@xem/domain/testing';
import { recordingLog } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { resumeClock } from './resume-clock.ts';

test.each([
  ['set back', -HOUR_MS, ['clock.behind']],
  ['right', 0, []],
  ['ahead', HOUR_MS, []],
])('resumeClock begins no earlier than the newest entry when the wall clock is %s', (_, offset, logged) =>
  inWorld(async ({ clock, services: { ids }, store, operator }) => {
    const wall = { ...clock, now: () => clock.now() + offset };
    const log = recordingLog();
    const resumed = await resumeClock({ clock: wall, ids, log }, store);
    const [newest] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(resumed.now()).toBeGreaterThanOrEqual(Date.parse(newest?.at ?? ''));
    expect(resumed.now()).toBe(Math.max(wall.now(), Date.parse(newest?.at ?? '')));
    expect(log.lines.map(({ event }) => event)).toEqual(logged);
  }),
);
