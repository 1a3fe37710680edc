import { entryFault } from '@xem/protocol';
import { z } from 'zod';

const Entry = z.looseObject({ object: z.literal('journal_entry'), type: z.string(), data: z.unknown() });

/** What of the journal entries in an answer, however deep, is not as the table of entries has it. */
export function entryFaults(answer: unknown): readonly string[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const { success, data: entry } = Entry.safeParse(answer);
  if (!success) return Object.values(answer).flatMap(entryFaults);
  return [entryFault(entry) ?? []].flat();
}
