import type { ProjectId, WorkspaceId } from '@xem/protocol';

/** Whether a project pays what it owes. */
export type BillingStatus = 'current' | 'delinquent';

/** What a call costs, in whole credits. */
export interface Tariff {
  readonly perCall: number;
  readonly perSecond: number;
}

/** The account of a metered project, in whole credits: `settled + reserved` never exceeds `granted`. */
export interface CreditRecord {
  readonly projectId: ProjectId;
  readonly granted: number;
  readonly reserved: number;
  readonly settled: number;
}

/** What was used on one day in one workspace by one tool. */
export interface UsageRecord {
  readonly projectId: ProjectId;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly workspaceId: WorkspaceId;
  readonly tool: string;
  readonly calls: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly rejected: number;
  readonly timeout: number;
  readonly runMs: number;
  readonly outputBytes: number;
  readonly credit: number;
}

/** What a report of usage sums up by; `all` is one sum over everything, under the empty key. */
export type UsageKey = 'day' | 'tool' | 'workspace' | 'all';

/** Which rows a report sums up. Days are YYYY-MM-DD and both within. */
export interface UsageFilter {
  readonly by: UsageKey;
  readonly from: string;
  readonly to: string;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly tool?: string | undefined;
}

/** Sums of what was used, for one key. */
export type UsageTotals = Omit<UsageRecord, 'projectId' | 'day' | 'workspaceId' | 'tool'> & {
  readonly key: string;
};
