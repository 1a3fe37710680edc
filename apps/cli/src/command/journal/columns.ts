import type { JournalEntry } from '@xem/protocol';
import type { Column } from '../../render/table.ts';

const actorOf = ({ actor }: JournalEntry): string => ('name' in actor ? actor.name : actor.kind);

export const JOURNAL_COLUMNS: readonly Column<JournalEntry>[] = [
  { title: 'Seq', of: ({ seq }) => seq, room: 6 },
  { title: 'At', of: ({ at }) => at },
  { title: 'Type', of: ({ type }) => type, room: 27 },
  { title: 'Subject', of: ({ subject }) => subject.id, room: 36 },
  { title: 'Actor', of: actorOf, wide: true },
  { title: 'Surface', of: ({ surface }) => surface, wide: true },
];
