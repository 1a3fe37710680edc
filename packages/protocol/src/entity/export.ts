import { z } from 'zod';
import { ProjectId, SigningKey, Timestamp } from '../id.ts';
import { Execution } from './execution.ts';
import { Invocation } from './invocation.ts';
import { SignedHead } from './signed-head.ts';

/** One line of an export of executions. */
export const ExecutionLine = z.object({ ...Execution.shape, invocation: Invocation });
export type ExecutionLine = z.infer<typeof ExecutionLine>;

/** The first line of an export of the journal; entries follow, oldest first, one a line. */
export const JournalExportHeader = z.object({
  object: z.literal('journal_export'),
  version: z.literal(1),
  project_id: ProjectId,
  from_seq: z.int().min(1),
  to_seq: z.int().min(1),
  exported_at: Timestamp,
  /** What heads are signed with. */
  signing_key: SigningKey,
  /** Where retention has cut the chain off; null when it has its beginning. */
  checkpoint: SignedHead.nullable(),
});
export type JournalExportHeader = z.infer<typeof JournalExportHeader>;

/** The last line: a file without it is not whole. `head` is null when the router does not vouch for the chain. */
export const JournalExportEnd = z.object({
  object: z.literal('journal_export_end'),
  entries: z.int().min(0),
  head: SignedHead.nullable(),
});
export type JournalExportEnd = z.infer<typeof JournalExportEnd>;

/** What an export answers: lines of JSON. */
export const ExportLines = z
  .string()
  .meta({ id: 'ExportLines', format: 'binary', description: 'NDJSON: one JSON object a line' });
