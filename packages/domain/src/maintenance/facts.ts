import type { EntryData, EntryTypeOf } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { MaintenanceRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';

/** What the journal hears of a window. */
export const maintenanceFact = (
  type: EntryTypeOf<'maintenance'>,
  { id, workspaceId, title, severity, startsAt, endsAt }: MaintenanceRecord,
  more: Pick<EntryData<'maintenance.started'>, 'reason'> = {},
): Fact => ({
  type,
  subject: { type: 'maintenance', id },
  ...(workspaceId !== null && { refs: { workspace_id: workspaceId } }),
  data: { title, severity, starts_at: toTimestamp(startsAt), ends_at: toTimestampOrNull(endsAt), ...more },
});
