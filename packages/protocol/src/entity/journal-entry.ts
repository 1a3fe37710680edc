import { z } from 'zod';
import { membersWriter } from '../canonical-json.ts';
import { hashJson, sha256Hex } from '../hash.ts';
import {
  AgentId,
  ApiKeyId,
  ApprovalId,
  EntryId,
  ExecutionId,
  InvocationId,
  ProjectId,
  Sha256,
  Timestamp,
  WorkspaceId,
} from '../id.ts';
import { PrincipalRef, Surface } from './principal.ts';

/** Who did it: a principal, an agent, or the router itself. */
export const EntryActor = z.union([
  PrincipalRef,
  z.object({ kind: z.literal('agent'), id: AgentId }),
  z.object({ kind: z.literal('system') }),
]);
export type EntryActor = z.infer<typeof EntryActor>;

/** What an entry touches beside its subject. */
export const EntryRefs = z.object({
  invocation_id: InvocationId.optional(),
  execution_id: ExecutionId.optional(),
  approval_id: ApprovalId.optional(),
  agent_id: AgentId.optional(),
  workspace_id: WorkspaceId.optional(),
});
export type EntryRefs = z.infer<typeof EntryRefs>;

/** `data` of an entry is at most this many bytes of JSON and never holds arguments, output or secrets. */
export const ENTRY_DATA_BYTES_MAX = 8 * 1024;

/** One link of a project's chain. `seq` starts at 1 and has no gaps. */
export const JournalEntry = z
  .object({
    object: z.literal('journal_entry'),
    id: EntryId,
    seq: z.int().min(1),
    at: Timestamp,
    project_id: ProjectId,
    type: z.string(),
    actor: EntryActor,
    key_id: ApiKeyId.nullable(),
    surface: Surface.nullable(),
    request_id: z.string().nullable(),
    subject: z.object({ type: z.string(), id: z.string() }),
    refs: EntryRefs,
    data: z.record(z.string(), z.unknown()),
    prev_hash: Sha256,
    hash: Sha256,
  })
  .meta({ id: 'JournalEntry' });
export type JournalEntry = z.infer<typeof JournalEntry>;

/** What the first entry of a project follows. */
export const genesisHash = (projectId: ProjectId): string => hashJson({ genesis: projectId });

/** The canonical text of an entry, of everything in it but its hash. */
export const entryText: (entry: Omit<JournalEntry, 'hash'>) => string = membersWriter(
  JournalEntry.omit({ hash: true }).keyof().options,
);

/** The hash of an entry: over its canonical text. */
export const entryHash = (entry: Omit<JournalEntry, 'hash'>): string => sha256Hex(entryText(entry));

/** What walking a chain found. */
export const JournalVerification = z
  .object({
    object: z.literal('journal_verification'),
    ok: z.boolean(),
    entries: z.int().min(0),
    head: z.object({ seq: z.int().min(0), hash: Sha256 }),
    first_bad_seq: z.int().nullable(),
    checkpoint_seq: z.int().nullable(),
  })
  .meta({ id: 'JournalVerification' });
export type JournalVerification = z.infer<typeof JournalVerification>;
