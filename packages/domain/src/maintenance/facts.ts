import type { EntryType } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { MaintenanceRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';

type MaintenanceEntry = Extract<EntryType, `maintenance.${string}`>;

/** What the journal hears of a window. */
export const maintenanceFact = (
  type: MaintenanceEntry,
  { id, workspaceId, title, severity, startsAt, endsAt }: MaintenanceRecord,
  more: NonNullable<Fact['data']> = {},
): Fact => ({
  type,
  subject: { type: 'maintenance', id },
  ...(workspaceId !== null && { refs: { workspace_id: workspaceId } }),
  data: { title, severity, starts_at: toTimestamp(startsAt), ends_at: toTimestampOrNull(endsAt), ...more },
});
