import type { Workspace, WorkspaceBinding } from '@xem/protocol';
import type { Column } from '../../render/table.ts';
import { pausedWord } from '../paused.ts';

export const WORKSPACE_COLUMNS: readonly Column<Workspace>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Name', of: ({ name }) => name, elastic: true },
  { title: 'Type', of: ({ type }) => type },
  {
    title: 'Agents',
    of: ({ agents }) => agents.map((agent) => agent.registration_name).join(','),
    elastic: true,
  },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Paused', of: pausedWord, wide: true },
  { title: 'Policy', of: ({ policy }) => policy.name, wide: true },
  { title: 'Model', of: ({ model }) => model, wide: true },
];

/** How a workspace is shown. */
export const WORKSPACE_VIEW = {
  first: ['id', 'name', 'paused', 'maintenance'],
  none: { paused: 'no', maintenance: 'none', agents: 'none', 'concurrency.max': 'no limit' },
};

export const BINDING_COLUMNS: readonly Column<WorkspaceBinding>[] = [
  { title: 'Workspace', of: (row) => row.workspace_id },
  { title: 'Agent', of: (row) => row.agent_id },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Created by', of: (row) => row.created_by.name, wide: true },
];
