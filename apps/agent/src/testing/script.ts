import type { Refusal, WelcomeDraft } from '@xem/mesh';
import type { EnrolledBody, WorkspaceId } from '@xem/protocol';

/** What a scripted router does of itself; a test changes it as it goes. */
export interface Script {
  /** In place of the usual answer to a request to enrol. */
  enrolled: EnrolledBody | null;
  welcome: Partial<WelcomeDraft>;
  /** Beside the one workspace that is always bound. */
  moreBindings: WorkspaceId[];
  /** In place of any welcome. */
  refused: Refusal | null;
  /** Whether the data socket lets the agent in at all. */
  admits: boolean;
  acksLeases: boolean;
  acksResults: boolean;
  givesCredit: boolean;
  intervalMs: number;
  ttlMs: number;
}

/** The script of a router that lets everything happen. */
export const freshScript = (): Script => ({
  enrolled: null,
  welcome: {},
  moreBindings: [],
  refused: null,
  admits: true,
  acksLeases: true,
  acksResults: true,
  givesCredit: true,
  intervalMs: 200,
  ttlMs: 60_000,
});
