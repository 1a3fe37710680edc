import type { AgentRecord } from '@xem/store';
import { isAdmitted } from './admitted.ts';

type Possible = (row: AgentRecord) => boolean;

/** What people may do to the standing of an agent, and when. */
const ACTIONS: Readonly<Record<string, Possible>> = {
  pause: (row) => isAdmitted(row) && row.paused === null,
  resume: (row) => isAdmitted(row) && row.paused !== null,
  update: isAdmitted,
  resolve_conflict: ({ status }) => status === 'conflict',
};

/** What may be done with an agent now. */
export const actionsOf = (row: AgentRecord): string[] =>
  Object.entries(ACTIONS).flatMap(([action, isPossible]) => (isPossible(row) ? [action] : []));
