import type { StoreInspection } from '@xem/store';
import type { Ambient } from '../../services.ts';
import type { RouterSettings } from '../../settings.ts';

/** How a check ended: `fail` needs somebody, `warn` may be meant so, `skip` could not be looked at. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'skip';

/** What a check found. */
export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly says: string;
}

/** What the checks look at. */
export interface Patient {
  readonly settings: RouterSettings;
  readonly ambient: Ambient;
  /** A router has the data folder. */
  readonly isRunning: boolean;
  /** Null when there is no database. */
  readonly store: StoreInspection | null;
}

/** One look; a check may find several things. */
export type Check = (patient: Patient) => readonly Finding[] | Promise<readonly Finding[]>;

const finding =
  (verdict: Verdict) =>
  (check: string, says: string): Finding => ({ check, verdict, says });

export const ok = finding('ok');
export const warn = finding('warn');
export const fail = finding('fail');
export const skip = finding('skip');
