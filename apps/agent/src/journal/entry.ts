import type { AttemptKey, ResultBody } from '@xem/protocol';

/** How far an attempt has come. */
type AttemptState = 'accepted' | 'running' | 'ended';

/** What the agent knows of one attempt. */
export interface JournalEntry {
  readonly key: AttemptKey;
  readonly state: AttemptState;
  /** How it ended; there as soon as the state is `ended`. */
  readonly result: ResultBody | null;
  /** The router has the result. */
  readonly isAcknowledged: boolean;
  /** Until when the order can come again, in milliseconds of the router's wall clock. */
  readonly expiresAt: number;
}
