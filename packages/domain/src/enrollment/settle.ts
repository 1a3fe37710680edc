import type { WorkspaceId } from '@xem/protocol';
import type { AgentRecord, AgentToolRecord, JoinKeyRecord, WriteTx } from '@xem/store';
import { agentFact } from '../agent/facts.ts';
import { leave, type Estate } from '../agent/leave.ts';
import { useFact } from '../join-key/facts.ts';
import type { ProjectContext } from '../context.ts';
import type { CheckedManifest } from '../manifest/check.ts';
import { firstStanding } from '../manifest/standing.ts';
import type { Fact } from '../mutate.ts';
import { bindingFact } from '../workspace/binding.ts';

/** A use is reserved for this long; the first welcome confirms it. */
const RESERVATION_MS = 600_000;

/** An agent about to be written down, and what it comes with. */
export interface Newcomer {
  readonly agent: AgentRecord;
  readonly key: JoinKeyRecord;
  readonly checked: CheckedManifest;
  /** The agents it replaces. */
  readonly retired: readonly AgentRecord[];
}

/** What was written down. */
export interface Settled {
  readonly estates: readonly Estate[];
  readonly workspaces: ReadonlySet<WorkspaceId>;
  readonly standing: readonly AgentToolRecord[];
  readonly facts: readonly Fact[];
}

/** The workspaces of the key that are still there, and those of the agents it replaces. */
async function workspacesFor(
  tx: WriteTx,
  { key }: Newcomer,
  estates: readonly Estate[],
): Promise<ReadonlySet<WorkspaceId>> {
  const named = await Promise.all(key.workspaces.map((id) => tx.workspaces.get(key.projectId, id)));
  const inherited = estates.flatMap(({ workspaces }) => workspaces);
  return new Set([...named.flatMap((row) => row?.id ?? []), ...inherited]);
}

async function bindAll(
  tx: WriteTx,
  { agent, key }: Newcomer,
  workspaces: ReadonlySet<WorkspaceId>,
): Promise<readonly Fact[]> {
  const { id: agentId, projectId, createdAt } = agent;
  const { createdBy } = key;
  const rows = [...workspaces].map((workspaceId) => ({
    workspaceId,
    agentId,
    projectId,
    createdBy,
    createdAt,
  }));
  for (const row of rows) await tx.workspaces.bind(row);
  return rows.map((row) => bindingFact('workspace.bound', row));
}

async function publishFirst(tx: WriteTx, { agent, checked }: Newcomer): Promise<readonly AgentToolRecord[]> {
  const standing = firstStanding(checked, agent);
  const { id: agentId, projectId, createdAt: receivedAt } = agent;
  const { hash, manifest } = checked;
  await tx.agents.publish({ agentId, projectId, hash, manifest, receivedAt }, standing);
  return standing;
}

async function reserveUse(tx: WriteTx, { agent, key }: Newcomer): Promise<void> {
  const { id: agentId, signingKey, curveKey, createdAt: reservedAt } = agent;
  const lapsesAt = reservedAt + RESERVATION_MS;
  await tx.joinKeys.insertUse({
    joinKeyId: key.id,
    signingKey,
    curveKey,
    agentId,
    status: 'reserved',
    reservedAt,
    lapsesAt,
  });
}

function newsOf({ agent, key, checked }: Newcomer): readonly Fact[] {
  const origin = { source_address: agent.sourceAddress, registration_name: agent.registrationName };
  const { hash, tools } = checked;
  return [
    useFact('join_key.reserved', { joinKeyId: key.id, agentId: agent.id }, origin),
    agentFact('agent.enrolled', agent.id, { ...origin, manifest_hash: hash, tools: tools.length }),
  ];
}

/** Of two that were in conflict the first frees the second one's name, a moment before that goes too. */
async function retireAll(
  ctx: ProjectContext,
  tx: WriteTx,
  { agent: heir, retired }: Newcomer,
): Promise<readonly Estate[]> {
  const estates: Estate[] = [];
  for (const { id } of retired) {
    const agent = await tx.agents.find(id);
    const fact = agentFact('agent.retired', id, { because: 'replaced', by: heir.id });
    const departure = { event: 'retire', fact } as const;
    if (agent) estates.push(await leave(ctx, tx, { agent, departure }));
  }
  return estates;
}

/** Writes a newcomer down: those it replaces go, then come the agent, its manifest, its workspaces and its use. */
export async function settle(ctx: ProjectContext, tx: WriteTx, newcomer: Newcomer): Promise<Settled> {
  const estates = await retireAll(ctx, tx, newcomer);
  await tx.agents.insert(newcomer.agent);
  const standing = await publishFirst(tx, newcomer);
  const workspaces = await workspacesFor(tx, newcomer, estates);
  const bound = await bindAll(tx, newcomer, workspaces);
  await reserveUse(tx, newcomer);
  const facts = [...estates.flatMap((estate) => estate.facts), ...newsOf(newcomer), ...bound];
  return { estates, workspaces, standing, facts };
}
