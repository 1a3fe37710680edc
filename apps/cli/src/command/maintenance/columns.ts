import type { Maintenance } from '@xem/protocol';
import type { Column } from '../../render/table.ts';

export const MAINTENANCE_COLUMNS: readonly Column<Maintenance>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Status', of: ({ status }) => status },
  { title: 'Severity', of: ({ severity }) => severity },
  { title: 'Title', of: ({ title }) => title, elastic: true },
  { title: 'Starts', of: (row) => row.starts_at },
  { title: 'Ends', of: (row) => row.ends_at },
  { title: 'Workspace', of: (row) => row.workspace_id, wide: true },
  { title: 'Created by', of: (row) => row.created_by.name, wide: true },
];

/** How one window is shown. */
export const VIEW = {
  first: ['id', 'status', 'severity', 'title', 'starts_at', 'ends_at'],
  none: { workspace_id: 'the whole project', ends_at: 'when somebody completes it' },
};
