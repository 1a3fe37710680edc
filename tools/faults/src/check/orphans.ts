import type { Invariant } from '../evidence/evidence.ts';
import { indexBy } from './index-by.ts';

/** A run whose end is known on its agent leaves nothing running. */
export const orphans: Invariant = ({ processes, executions, agentMemories }) => {
  const rows = indexBy(executions, ({ id }) => id);
  const ended = new Set(
    agentMemories.flatMap(({ attempts }) =>
      attempts.filter(({ state }) => state === 'ended').map(({ execution_id }) => execution_id),
    ),
  );
  return processes
    .filter(({ execution_id }) => ended.has(execution_id) || !rows.has(execution_id))
    .map(({ pid, execution_id }) => ({
      invariant: 'orphans',
      says: `process ${pid} of ${execution_id} still runs, which has ended`,
    }));
};
