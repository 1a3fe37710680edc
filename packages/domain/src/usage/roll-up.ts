import type { ProjectId } from '@xem/protocol';
import type { WriteServices } from '../context.ts';
import { upkeep } from '../mutate.ts';

/** The name under which the journal remembers how far usage is summed up. */
export const USAGE_READER = 'usage';

/** How many entries one transaction takes in: few enough that nobody waits for it. */
export const ROLL_UP_BATCH = 2000;

/**
 * Sums up what a project used since the last time, from its journal, at most a batch of it. Sums and how far they go
 * are written together: every end of a call counts once. Answers whether there is more.
 */
export const rollUpUsage = (services: Pick<WriteServices, 'store'>, projectId: ProjectId): Promise<boolean> =>
  upkeep(services, async (tx) => {
    const after = await tx.cursors.get(USAGE_READER, projectId);
    const { seq: head } = await tx.journal.head(projectId);
    const upTo = Math.min(head, after + ROLL_UP_BATCH);
    if (upTo <= after) return false;
    await tx.usage.rollUp(projectId, { after, upTo });
    await tx.cursors.set(USAGE_READER, projectId, upTo);
    return upTo < head;
  });
