import type { Policy } from '@xem/protocol';
import type { Column } from '../../../render/table.ts';

export const POLICY_COLUMNS: readonly Column<Policy>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Name', of: (row) => row.policy_name, elastic: true },
  { title: 'Version', of: ({ version }) => version },
  { title: 'Workspace', of: (row) => row.workspace_id ?? 'all others' },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'By', of: (row) => row.created_by?.name, wide: true },
  { title: 'Warnings', of: ({ warnings }) => warnings.length, wide: true },
];

/** How a policy is shown. */
export const POLICY_VIEW = {
  first: ['id', 'policy_name', 'version', 'workspace_id'],
  none: {
    workspace_id: 'all that have no policy of their own',
    escalation_chain: 'none',
    warnings: 'none',
    created_by: 'the mesh',
  },
};
