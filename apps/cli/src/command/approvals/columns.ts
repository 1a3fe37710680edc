import { votesWords, type Approval } from '@xem/protocol';
import { paintWord } from '../../render/paint.ts';
import type { Column } from '../../render/table.ts';

/** A broken glass shows wherever the approval does. */
export const statusOf = ({ status, kind }: Approval): string =>
  kind === 'break_glass' ? `${status} (break-glass)` : status;

export const APPROVAL_COLUMNS: readonly Column<Approval>[] = [
  { title: 'ID', of: ({ id }) => id, room: 36 },
  { title: 'Status', of: statusOf, paint: paintWord, room: 9 },
  { title: 'Risk', of: ({ risk }) => risk, paint: paintWord, room: 12 },
  { title: 'Tool', of: ({ tool }) => tool, room: 20 },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Requester', of: (row) => row.requested_by.name, wide: true },
  { title: 'Expires', of: (row) => row.expires_at, wide: true },
  { title: 'Votes', of: ({ quorum }) => votesWords(quorum), wide: true, elastic: true, room: 16 },
  { title: 'You may vote', of: ({ eligible }) => eligible, wide: true },
];
