import { z } from 'zod';
import { PendingChange } from '../entity/manifest.ts';
import { AgentId, RegistrationName, Sha256, Timestamp } from '../id.ts';
import { AGENT_STATUSES } from '../state/agent.ts';
import { Reason, row } from './row.ts';

const Name = RegistrationName.describe('The name it asked for');
const SourceAddress = z.string().nullable().describe('Where it came from');
const ManifestHash = Sha256.describe('Hash of the manifest');
const Epoch = z.int().min(0).describe('Grows with every session of the agent');
const ConflictRole = z.enum(['incumbent', 'challenger']);
const RotationId = z.string().describe('Which change of keys it is');
const NextKey = z.string().describe('Fingerprint of the next CURVE key');

/** What the journal hears of agents. */
export const AGENT_ENTRIES = {
  'agent.enrolled': row('exec.agent_enrolled', {
    source_address: SourceAddress,
    registration_name: Name,
    manifest_hash: ManifestHash,
    tools: z.int().min(0).describe('How many tools it publishes'),
  }),
  'agent.online': row(null, { epoch: Epoch }),
  'agent.offline': row('exec.agent_offline', { epoch: Epoch }),
  'agent.conflict': row('exec.agent_conflict', {
    registration_name: RegistrationName.describe('The name that both of them hold'),
    role: ConflictRole.describe('Who enrolled first is the incumbent'),
    with: AgentId.describe('The other one'),
    curve_fingerprint: z.string().describe('Fingerprint of the CURVE key of this one'),
    source_address: SourceAddress,
    last_seen_at: Timestamp.nullable().describe('When this one was last heard of'),
  }),
  'agent.conflict_resolved': row(null, {
    kept: ConflictRole.describe('What the one that is kept was in the conflict'),
    instead_of: AgentId.describe('The one that left'),
    because: z.enum(['agent.evicted', 'agent.banned', 'agent.retired']).describe('The entry of its leaving'),
    status: z.enum(AGENT_STATUSES).describe('How the one that is kept stands now'),
  }),
  'agent.evicted': row(null, {
    reason: Reason.optional(),
    because: z
      .enum(['conflict', 'credentials_revoked'])
      .optional()
      .describe('Left out when a person evicted it, and nothing else'),
    kept: AgentId.optional().describe('Who has the name now, after a conflict'),
  }),
  'agent.banned': row(null, { reason: Reason }),
  'agent.paused': row(null, { reason: Reason }),
  'agent.resumed': row(null, { reason: Reason }),
  'agent.updated': row(null, {
    region: z.string().nullable().describe('Where it is said to be'),
    before: z.string().nullable().describe('Where it was said to be'),
  }),
  'agent.retired': row(null, {
    because: z
      .enum(['deleted', 'replaced'])
      .describe('Whether a person deleted it or another one took its place'),
    by: AgentId.optional().describe('Who took its place'),
  }),
  'agent.manifest_changed': row(null, {
    manifest_hash: ManifestHash,
    manifest_version: z.int().min(1).describe('As the agent counts'),
    tools: z.int().min(0).describe('How many tools it has'),
    pending: z.int().min(0).describe('How many changes wait until a person accepts them'),
    pending_changes: z.array(PendingChange).describe('The first 20 of them'),
  }),
  'agent.key_rotation_started': row(null, { rotation_id: RotationId }),
  'agent.key_rotation_admitted': row(null, { rotation_id: RotationId, new_fingerprint: NextKey }),
  'agent.key_rotation_dropped': row(null, {
    rotation_id: RotationId,
    reason: z.string().describe('Why it was given up'),
    was_admitted: z.boolean().describe('Whether the agent could have come with its next key'),
  }),
  'agent.key_rotated': row(null, {
    rotation_id: RotationId,
    old_fingerprint: z.string().describe('Fingerprint of the CURVE key that is nobody’s now'),
    new_fingerprint: NextKey,
  }),
  'agent.manifest_accepted': row(null, {
    tool: PendingChange.shape.tool.describe('The tool that changed'),
    kind: PendingChange.shape.kind.describe('What changed of it'),
    old_digest: Sha256.describe('Digest of what stood'),
    new_digest: Sha256.describe('Digest of what stands now'),
    manifest_hash: ManifestHash,
  }),
  'agent.protocol_violation': row(null, {
    reason: z.string().describe('What its connection did that it must not do'),
    count: z.int().min(1).describe('How often since the entry before it'),
  }),
} as const;
