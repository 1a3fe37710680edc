import type { MaintenanceId, MaintenanceStatus, PrincipalRef, ProjectId, WorkspaceId } from '@xem/protocol';

/** How much a window weighs: new calls are refused while a critical one is in progress. */
export type MaintenanceSeverity = 'info' | 'warning' | 'critical';

/** A window in which work is announced to be disturbed, or is kept out. */
export interface MaintenanceRecord {
  readonly id: MaintenanceId;
  readonly version: number;
  readonly projectId: ProjectId;
  /** Null for the whole project. */
  readonly workspaceId: WorkspaceId | null;
  readonly title: string;
  readonly description: string | null;
  readonly severity: MaintenanceSeverity;
  readonly status: MaintenanceStatus;
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly createdBy: PrincipalRef;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** When the router does the next thing by itself: start it, or end it; null when it does nothing more. */
  readonly dueAt: number | null;
}

/** Filters of a list of windows. */
export interface MaintenanceFilter {
  readonly status?: MaintenanceStatus | undefined;
}
