import { GapEvent, JournalEntry, OutputEvent, STREAM_EVENTS, type Operation } from '@xem/protocol';
import type { z } from 'zod';
import { ErrorEnvelope } from './refusals.ts';

/** Schemas that events alone carry: no answer refers to them, so the document is told of them. */
export const EVENT_SCHEMAS = { GapEvent, OutputEvent };

/** The name under which a document tells of events that it does not name. */
const OTHERS = 'others';

const refer = (schema: z.ZodType): { readonly $ref: string } => {
  const { id } = schema.meta() ?? {};
  if (id === undefined) throw new Error('what an event carries has no name in the document');
  return { $ref: `#/components/schemas/${id}` };
};

/** What each event of a stream carries in its `data`: journal entries under their own types, and the rest by name. */
export function eventsOf({ events }: Pick<Operation, 'events'>) {
  if (!events) return {};
  const named = { ...events, [STREAM_EVENTS.error]: ErrorEnvelope, [OTHERS]: JournalEntry };
  const rows = Object.entries(named).map(([name, schema]) => [name, refer(schema)] as const);
  return { 'x-events': Object.fromEntries(rows) };
}
