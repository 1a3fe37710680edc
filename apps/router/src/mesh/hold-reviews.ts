import { DEPARTURES, reviewHolds, systemContext, type Services } from '@xem/domain';
import type { JournalEntry } from '@xem/protocol';
import type { Errands } from '../errands.ts';

/** After these other agents may take a call than before, and so a pause may hold it, or hold it no more. */
const CHANGES_REACH: ReadonlySet<string> = new Set([
  ...DEPARTURES,
  'agent.enrolled',
  'join_key.lapsed',
  'agent.manifest_changed',
  'agent.manifest_accepted',
  'workspace.bound',
  'workspace.unbound',
]);

const changesReach = ({ type }: JournalEntry): boolean => CHANGES_REACH.has(type);

interface Reviewing {
  readonly services: Services;
  readonly errands: Errands;
}

/** Looks at what is held again when the agents that could take it changed. Returns what stops it. */
export const startHoldReviews = ({ services, errands }: Reviewing): (() => void) =>
  services.store.onCommit((entries) => {
    const projects = new Set(entries.filter(changesReach).map((entry) => entry.project_id));
    for (const projectId of projects)
      errands.run('holds.review', () => reviewHolds(systemContext(services, projectId)));
  });
