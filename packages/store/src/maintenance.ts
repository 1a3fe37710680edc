import type { MaintenanceId, ProjectId } from '@xem/protocol';
import type { MaintenanceFilter, MaintenanceRecord } from './record/maintenance.ts';
import type { Slice } from './store.ts';

export interface MaintenanceReader {
  /** Another project's id finds nothing. */
  get(projectId: ProjectId, id: MaintenanceId): Promise<MaintenanceRecord | null>;
  list(projectId: ProjectId, filter: MaintenanceFilter, slice: Slice): Promise<readonly MaintenanceRecord[]>;
  /** Of every project: windows in progress, for the start of the router. */
  open(): Promise<readonly MaintenanceRecord[]>;
  /** Of every project: at most `limit` windows whose next step is due at or before `now`, earliest first. */
  due(now: number, limit: number): Promise<readonly MaintenanceRecord[]>;
}

export interface MaintenanceWriter extends MaintenanceReader {
  insert(row: MaintenanceRecord): Promise<void>;
  /** Compare and set on `version`. @throws Error when the row was changed since it was read. */
  save(row: MaintenanceRecord): Promise<MaintenanceRecord>;
}
