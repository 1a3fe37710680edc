import type { ExpiryPlace } from '@xem/store';
import type { Services } from '../context.ts';

/** Executions that are looked at in one go … */
const BATCH = 500;
/** … and outputs that are removed in one commit. */
const TOGETHER = 16;

/** What one round has come to. */
export interface Removal {
  readonly removed: number;
  readonly failed: number;
  /** Where the next one goes on. */
  readonly place: ExpiryPlace | null;
  readonly more: boolean;
}

type Needs = Pick<Services, 'store' | 'clock' | 'log'>;
type Expired = Awaited<ReturnType<Needs['store']['outputs']['expired']>>['outputs'][number];

/** True when it is gone. */
async function removeOne({ store, log }: Needs, { projectId, executionId }: Expired): Promise<boolean> {
  try {
    await store.outputs.remove(projectId, executionId);
    return true;
  } catch (err) {
    log.error('output.not_removed', { executionId, err });
    return false;
  }
}

/** Removes outputs whose retention is over, some of them; one that cannot be removed holds up no other. */
export async function removeExpired(services: Needs, after: ExpiryPlace | null): Promise<Removal> {
  const { store, clock } = services;
  const { outputs, place, more } = await store.outputs.expired(clock.now(), { after, limit: BATCH });
  let removed = 0;
  for (let at = 0; at < outputs.length; at += TOGETHER) {
    const each = outputs.slice(at, at + TOGETHER).map((output) => removeOne(services, output));
    removed += (await Promise.all(each)).filter(Boolean).length;
  }
  return { removed, failed: outputs.length - removed, place, more };
}
