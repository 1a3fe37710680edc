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
import { INVOCATION_TERMINAL } from '../state/invocation.ts';
import { PrincipalRef, Surface } from './principal.ts';

/** Every type of entry, with the webhook event it is sent as; `null` is sent to nobody. */
export const ENTRY_TYPES = {
  'invocation.created': null,
  'invocation.queued': null,
  'invocation.dispatched': 'exec.dispatched',
  'invocation.started': null,
  'invocation.cancel_requested': null,
  'invocation.completed': 'exec.completed',
  'invocation.failed': 'exec.failed',
  'invocation.timeout': 'exec.timeout',
  'invocation.cancelled': 'exec.cancelled',
  'invocation.rejected': 'exec.rejected',
  'execution.ended': null,
  'execution.evidence': null,
  'execution.refused': null,
  'approval.requested': 'exec.approval_requested',
  'approval.voted': null,
  'approval.approved': 'exec.approved',
  'approval.rejected': null,
  'approval.escalated': 'exec.approval_escalated',
  'approval.link_created': null,
  'approval.break_glass': 'exec.approved',
  'approval.expired': null,
  'approval.withdrawn': null,
  'agent.enrolled': 'exec.agent_enrolled',
  'agent.online': null,
  'agent.offline': 'exec.agent_offline',
  'agent.conflict': 'exec.agent_conflict',
  'agent.conflict_resolved': null,
  'agent.evicted': null,
  'agent.banned': null,
  'agent.paused': null,
  'agent.resumed': null,
  'agent.updated': null,
  'agent.retired': null,
  'agent.manifest_changed': null,
  'agent.key_rotation_started': null,
  'agent.key_rotation_admitted': null,
  'agent.key_rotation_dropped': null,
  'agent.key_rotated': null,
  'agent.manifest_accepted': null,
  'agent.protocol_violation': null,
  'workspace.created': 'exec.workspace_created',
  'workspace.updated': null,
  'workspace.bound': null,
  'workspace.unbound': null,
  'workspace.paused': null,
  'workspace.resumed': null,
  'join_key.created': null,
  'join_key.reserved': null,
  'join_key.confirmed': null,
  'join_key.lapsed': null,
  'join_key.refused': null,
  'join_key.revoked': null,
  'principal.created': null,
  'principal.updated': null,
  'api_key.created': null,
  'api_key.updated': null,
  'api_key.rotated': null,
  'api_key.revoked': null,
  'policy.created': null,
  'policy.updated': null,
  'policy.deleted': null,
  'export.created': null,
  'maintenance.created': null,
  'maintenance.updated': null,
  'maintenance.started': null,
  'maintenance.completed': null,
  'maintenance.cancelled': null,
  'webhook.created': null,
  'webhook.updated': null,
  'webhook.deleted': null,
  'webhook.rotated': null,
  'project.created': null,
  'project.updated': null,
  'project.credited': null,
  'project.paused': null,
  'project.resumed': null,
  'project.restored': null,
} as const;
export type EntryType = keyof typeof ENTRY_TYPES;

/** The entries that end a call, one for each of its ends. */
export const CALL_ENDS: ReadonlySet<string> = new Set(
  [...INVOCATION_TERMINAL].map((status) => `invocation.${status}`),
);

/** Tells whether a word is a type of entry. */
export const isEntryType = (word: string): word is EntryType => Object.hasOwn(ENTRY_TYPES, word);

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
