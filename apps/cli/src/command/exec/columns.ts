import type { Execution, Invocation, Tool } from '@xem/protocol';
import { paintWord } from '../../render/paint.ts';
import type { Column } from '../../render/table.ts';

const duration = (ms: number | null): string | null => (ms === null ? null : `${ms} ms`);

export const TOOL_COLUMNS: readonly Column<Tool>[] = [
  { title: 'Name', of: ({ name }) => name },
  { title: 'Description', of: ({ description }) => description, elastic: true },
  { title: 'Risk', of: ({ risk }) => risk, wide: true, paint: paintWord },
  { title: 'Domain', of: ({ domain }) => domain, wide: true },
  { title: 'Agents', of: (row) => `${row.agents_online}/${row.agents_total}`, wide: true },
];

export const EXECUTION_COLUMNS: readonly Column<Execution>[] = [
  { title: 'ID', of: ({ id }) => id, room: 36 },
  { title: 'Invocation', of: (row) => row.invocation_id, room: 36 },
  { title: 'Status', of: ({ status }) => status, paint: paintWord, room: 10 },
  { title: 'Exit Code', of: (row) => row.exit_code },
  { title: 'Created', of: (row) => row.created_at, room: 24 },
  { title: 'Tool', of: ({ tool }) => tool, wide: true, room: 20, elastic: true },
  { title: 'Agent', of: (row) => row.agent_id, wide: true, room: 28, elastic: true },
  { title: 'Duration', of: (row) => duration(row.duration_ms), wide: true },
];

export const INVOCATION_COLUMNS: readonly Column<Invocation>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Status', of: ({ status }) => status, paint: paintWord },
  { title: 'Tool', of: ({ tool }) => tool, elastic: true },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Risk', of: ({ risk }) => risk, wide: true, paint: paintWord },
  { title: 'Requester', of: (row) => row.requested_by.name, wide: true },
  { title: 'Execution', of: (row) => row.execution_id, wide: true },
];

/** Members that lead when an invocation is shown. */
export const INVOCATION_FIRST = [
  'id',
  'status',
  'tool',
  'args',
  'workspace_id',
  'approval',
  'error',
  'result',
];

/** Members that lead when an execution is shown: the columns of the list. */
export const EXECUTION_FIRST = [
  'id',
  'invocation_id',
  'status',
  'exit_code',
  'created_at',
  'tool',
  'agent_id',
];
