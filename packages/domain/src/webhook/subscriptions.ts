import { entryTypesOf, type JournalEntry, type ProjectId, type WebhookId } from '@xem/protocol';
import type { WebhookRecord } from '@xem/store';

/** A webhook that is enabled. */
export interface Subscriber {
  readonly id: WebhookId;
  readonly projectId: ProjectId;
}

interface Subscription extends Subscriber {
  readonly types: ReadonlySet<string>;
}

/** Which webhooks are enabled and what they want, in memory: asked at every commit, and free while there are none. */
export interface Subscriptions {
  isEmpty(): boolean;
  /** Those that want one of these entries. */
  wanting(entries: readonly JournalEntry[]): readonly WebhookId[];
  all(): readonly WebhookId[];
  /** Null when it is not enabled. */
  find(id: WebhookId): Subscriber | null;
  /** Takes a webhook as it is now; one that is switched off is forgotten. */
  keep(row: WebhookRecord): void;
  forget(id: WebhookId): void;
  /** Hears of each webhook that was kept. Returns an unsubscriber. */
  onKept(listener: (id: WebhookId) => void): () => void;
}

const subscriptionOf = ({ id, projectId, events }: WebhookRecord): Subscription => ({
  id,
  projectId,
  types: new Set(entryTypesOf(events.length > 0 ? events : null)),
});

/** Nobody wants anything. */
export function createSubscriptions(): Subscriptions {
  const byId = new Map<WebhookId, Subscription>();
  const listeners = new Set<(id: WebhookId) => void>();
  return {
    isEmpty: () => byId.size === 0,
    wanting: (entries) => {
      const found: WebhookId[] = [];
      for (const { id, projectId, types } of byId.values()) {
        const wants = ({ project_id, type }: JournalEntry): boolean =>
          project_id === projectId && types.has(type);
        if (entries.some(wants)) found.push(id);
      }
      return found;
    },
    all: () => [...byId.keys()],
    find: (id) => byId.get(id) ?? null,
    keep: (row) => {
      byId.delete(row.id);
      if (!row.enabled) return;
      byId.set(row.id, subscriptionOf(row));
      for (const listener of listeners) listener(row.id);
    },
    forget: (id) => void byId.delete(id),
    onKept: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
