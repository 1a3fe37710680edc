import type { JournalEntry } from '@xem/protocol';
import type { Column } from '../../render/table.ts';

const actorOf = ({ actor }: JournalEntry): string => ('name' in actor ? actor.name : actor.kind);

export const JOURNAL_COLUMNS: readonly Column<JournalEntry>[] = [
  { title: 'Seq', of: ({ seq }) => seq },
  { title: 'At', of: ({ at }) => at },
  { title: 'Type', of: ({ type }) => type },
  { title: 'Subject', of: ({ subject }) => subject.id },
  { title: 'Actor', of: actorOf, wide: true },
  { title: 'Surface', of: ({ surface }) => surface, wide: true },
];
