import { DAY_MS, hashJson, JoinKeyId, ToolDefinition, toolDigest, type ProjectId } from '@xem/protocol';
import type {
  AgentRecord,
  AgentToolRecord,
  JoinKeyRecord,
  JoinKeyUseRecord,
  ManifestRecord,
} from '../../record/agent.ts';
import { makeAgentId, type Making } from './access.ts';

const HOST: AgentRecord['host'] = {
  os: 'linux',
  arch: 'x64',
  kernel: '6.1',
  hostname: 'host-1',
  node_version: '24.0.0',
  agent_version: '0.1.0',
  providers: ['command', 'builtin'],
  sandbox: [],
  limits: { max_concurrent_executions: 4, memory_bytes: null, cpus: 2 },
};

export function makeAgent(
  making: Making,
  some: Partial<AgentRecord> & Pick<AgentRecord, 'projectId'>,
): AgentRecord {
  const { clock, ids } = making;
  const now = clock.now();
  return {
    id: makeAgentId(making),
    version: 1,
    registrationName: 'host-1',
    region: null,
    agentVersion: '0.1.0',
    status: 'online',
    paused: null,
    rotation: null,
    conflict: null,
    curveKey: ids.hex(20),
    signingKey: ids.token(),
    joinKeyId: JoinKeyId.parse(`jkr_${ids.hex()}`),
    journalId: null,
    epoch: 0,
    manifestVersion: 1,
    manifestHash: hashJson({}),
    host: HOST,
    hostReportedAt: now,
    sourceAddress: null,
    enrolledAt: now,
    lastSeenAt: null,
    connectionSince: now,
    createdAt: now,
    credentialsRevokedAt: null,
    ...some,
  };
}

/** One tool of an agent, by its name. */
export function makeTool(
  { clock }: Making,
  agent: Pick<AgentRecord, 'id' | 'projectId'>,
  name: string,
): AgentToolRecord {
  const definition = ToolDefinition.parse({
    name,
    description: `runs ${name}`,
    risk: 'read',
    parameters: { type: 'object' },
  });
  const digest = toolDigest(definition);
  return {
    agentId: agent.id,
    projectId: agent.projectId,
    name,
    digest,
    definition,
    boundAt: clock.now(),
    acceptedBy: null,
    heldBehind: null,
  };
}

export function makeManifest(
  { clock }: Making,
  { id, projectId }: Pick<AgentRecord, 'id' | 'projectId'>,
  tools: readonly AgentToolRecord[],
): ManifestRecord {
  const manifest = {
    manifest_version: 1,
    workspaces: [],
    tools: tools.map(({ definition }) => definition),
  };
  return { agentId: id, projectId, hash: hashJson(manifest), manifest, receivedAt: clock.now() };
}

export function makeJoinKey(
  { clock, ids }: Making,
  some: Partial<JoinKeyRecord> & Pick<JoinKeyRecord, 'createdBy'> & { readonly projectId: ProjectId },
): JoinKeyRecord {
  const now = clock.now();
  return {
    id: JoinKeyId.parse(`jkr_${ids.hex()}`),
    version: 1,
    registrationName: null,
    region: null,
    replace: false,
    workspaces: [],
    uses: 1,
    expiresAt: now + DAY_MS,
    revokedAt: null,
    createdAt: now,
    ...some,
  };
}

export function makeUse({ clock }: Making, key: JoinKeyRecord, agent: AgentRecord): JoinKeyUseRecord {
  const { signingKey, curveKey, id: agentId } = agent;
  const now = clock.now();
  const times = { reservedAt: now, lapsesAt: now + 60_000 };
  return { joinKeyId: key.id, signingKey, curveKey, agentId, status: 'reserved', ...times };
}
