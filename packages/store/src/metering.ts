import type { ProjectId } from '@xem/protocol';
import type { CreditRecord, UsageFilter, UsageTotals } from './record/credit.ts';

export interface CreditReader {
  /** The account of a project; null when it has none. */
  get(projectId: ProjectId): Promise<CreditRecord | null>;
}

export interface CreditWriter extends CreditReader {
  /** Adds to what a project was granted, and opens its account when it has none. */
  grant(projectId: ProjectId, credits: number): Promise<void>;
  /** Keeps credits back. False, and nothing is changed, when fewer are left; a project without an account has none. */
  reserve(projectId: ProjectId, credits: number): Promise<boolean>;
}

export interface UsageReader {
  /** Sums of a project by a key: days in their order, tools and workspaces by their calls, most first; 1,000 at most. */
  sums(projectId: ProjectId, filter: UsageFilter): Promise<readonly UsageTotals[]>;
}

export interface UsageWriter extends UsageReader {
  /** Adds what the ends of calls in a part of the journal tell to the rows of their days, workspaces and tools. */
  rollUp(projectId: ProjectId, part: { readonly after: number; readonly upTo: number }): Promise<void>;
}
