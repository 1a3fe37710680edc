import type { Invariant, Violation } from '../evidence/evidence.ts';
import { groupBy } from './index-by.ts';

const broken = (says: string): Violation => ({ invariant: 'I7', says });

/**
 * I7: what is settled is at most what was granted, and reservations return to zero. Money comes with inference; until
 * then the one thing that is granted, reserved and settled are the uses of join keys.
 */
export const credit: Invariant = ({ joinKeys, joinKeyUses, judgedAt, graceMs }) => {
  const uses = groupBy(joinKeyUses, ({ join_key_id }) => join_key_id);
  return joinKeys.flatMap((key) => {
    const held = (uses.get(key.id) ?? []).filter(({ status }) => status !== 'lapsed');
    const over =
      held.length > key.uses ? [broken(`${key.id} is used ${held.length} times of ${key.uses}`)] : [];
    const stale = held.filter(
      ({ status, lapses_at }) => status === 'reserved' && lapses_at + graceMs < judgedAt,
    );
    return [...over, ...stale.map(({ agent_id }) => broken(`${key.id} stays reserved for ${agent_id}`))];
  });
};
