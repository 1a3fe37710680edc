import { agentMachine, type AgentEvent } from '@xem/protocol';
import type { AgentRecord } from '@xem/store';
import { allows } from '../advance.ts';
import { isAdmitted } from './admitted.ts';
import { mayRotate } from './rotation.ts';

type Possible = (row: AgentRecord) => boolean;

const on =
  (event: AgentEvent): Possible =>
  ({ status }) =>
    allows(agentMachine, status, event);

const mayRevoke = on('revokeCredentials');

/** What people may do to the standing of an agent, and when. */
const ACTIONS: Readonly<Record<string, Possible>> = {
  pause: (row) => isAdmitted(row) && row.paused === null,
  resume: (row) => isAdmitted(row) && row.paused !== null,
  update: isAdmitted,
  curve_rotate: mayRotate,
  resolve_conflict: on('resolve'),
  evict: on('evict'),
  revoke_credentials: (row) => mayRevoke(row) && row.credentialsRevokedAt === null,
  ban: on('ban'),
  delete: on('retire'),
};

/** What may be done with an agent now. */
export const actionsOf = (row: AgentRecord): string[] =>
  Object.entries(ACTIONS).flatMap(([action, isPossible]) => (isPossible(row) ? [action] : []));
