import { DAY_MS } from '@xem/protocol';
import { inWorld } from '@xem/domain/testing';
import { project } from '@xem/domain';
import { expect, test } from 'vitest';
import { startRetention } from './retention.ts';

test('the router cuts chains off by itself, and says how much went', () =>
  inWorld(async ({ services, operator, clock, store, logged }) => {
    const settings = { ...services.settings, journalRetentionMs: DAY_MS };
    const { seq } = await store.read.journal.head(operator.projectId);
    await clock.advance(2 * DAY_MS);
    await project.pause(operator, {});
    const loop = startRetention({ ...services, settings });
    for (let round = 0; round < 8; round++) await clock.advance(60_000);
    await loop.stop();
    expect((await store.read.journal.checkpoint(operator.projectId))?.seq).toBe(seq);
    expect(logged).toContainEqual(
      expect.objectContaining({
        event: 'journal.cut',
        fields: { projectId: operator.projectId, removed: seq },
      }),
    );
  }));
