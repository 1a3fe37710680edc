import { z } from 'zod';
import { AgentId, Milliseconds, ProjectId, RegistrationName, Sha256, Timestamp, WorkspaceId } from '../id.ts';
import { AGENT_STATUSES } from '../state/agent.ts';
import { PendingChange } from './manifest.ts';
import { PrincipalRef } from './principal.ts';

/** Why and by whom something is held. */
export const Pause = z
  .object({ reason: z.string().nullable(), by: PrincipalRef, at: Timestamp })
  .meta({ id: 'Pause' });
export type Pause = z.infer<typeof Pause>;

/** A host process that runs tools. `online` says that its lease holds, connected this second or not. */
export const Agent = z
  .object({
    object: z.literal('agent'),
    id: AgentId,
    project_id: ProjectId,
    registration_name: RegistrationName,
    region: z.string().nullable(),
    version: z.string(),
    status: z.enum(AGENT_STATUSES),
    paused: Pause.nullable(),
    workspaces: z.array(z.object({ id: WorkspaceId, name: z.string(), paused: z.boolean() })),
    manifest: z.object({
      version: z.int(),
      hash: Sha256,
      tools: z.int().min(0),
      pending_changes: z.array(PendingChange),
    }),
    capacity: z.object({ slots: z.int().min(0), in_flight: z.int().min(0) }),
    connection: z.object({
      state: z.enum(['connected', 'disconnected']),
      since: Timestamp,
      source_address: z.string().nullable(),
    }),
    curve_fingerprint: z.string(),
    signing_fingerprint: z.string(),
    lease: z.object({
      expires_at: Timestamp.nullable(),
      renewal_interval_ms: Milliseconds,
      ttl_ms: Milliseconds,
    }),
    actions: z.array(z.string()),
    enrolled_at: Timestamp,
    last_seen_at: Timestamp.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof Agent>;

/** The first 16 hex digits of the SHA-256 of a raw public key. */
export const FINGERPRINT_DIGITS = 16;
