import { ExecError } from '@xem/errors';
import type { AgentId, PendingChange } from '@xem/protocol';
import type { AgentRecord, AgentToolRecord, WriteTx } from '@xem/store';
import { agentContext, internalOperation, type Services } from '../context.ts';
import { gatedElsewhere } from '../manifest/gated-elsewhere.ts';
import { checkManifest, type CheckedManifest } from '../manifest/check.ts';
import { pendingChanges } from '../manifest/pending.ts';
import { publicationOf } from '../manifest/publication.ts';
import { standingAfter } from '../manifest/standing.ts';
import { mutate, type Fact } from '../mutate.ts';
import { isAdmitted } from './admitted.ts';
import { agentFact } from './facts.ts';

const publish = internalOperation('agent.publish_manifest');

/** More than a journal entry has room for is only counted. */
const NAMED_MAX = 20;

const changedFact = (
  id: AgentId,
  { hash, manifest }: CheckedManifest,
  pending: readonly PendingChange[],
): Fact =>
  agentFact('agent.manifest_changed', id, {
    manifest_hash: hash,
    manifest_version: manifest.manifest_version,
    tools: manifest.tools.length,
    pending: pending.length,
    pending_changes: pending.slice(0, NAMED_MAX),
  });

/** The tools that stand with this manifest in place of the one before it. */
async function measure(
  { catalogue, clock }: Services,
  tx: WriteTx,
  { agent, checked }: { readonly agent: AgentRecord; readonly checked: CheckedManifest },
): Promise<readonly AgentToolRecord[]> {
  const { id: agentId, projectId } = agent;
  const before = await tx.agents.manifest(agentId);
  return standingAfter(checked, {
    agent,
    tools: await tx.agents.toolsOf(agentId),
    declared: before?.manifest.tools ?? [],
    now: clock.now(),
    gatedElsewhere: (name) => gatedElsewhere(catalogue, { projectId, agentId, name }),
  });
}

/**
 * Takes over what an agent publishes. Changes that lower a guard do not take effect: the tool stands as it was, and
 * the agent shows what waits. Answers those. @throws ExecError exec_manifest_invalid, agent_not_found
 */
export async function publishManifest(
  services: Services,
  { agentId, manifest }: { readonly agentId: AgentId; readonly manifest: unknown },
): Promise<readonly PendingChange[]> {
  const { catalogue, clock, store } = services;
  const checked = checkManifest(manifest, catalogue.compile);
  const known = await store.read.agents.find(agentId);
  if (!known) throw new ExecError('agent_not_found', `there is no agent ${agentId}`);
  const { projectId } = known;
  return mutate(agentContext(services, { projectId, agentId }), publish, async (tx) => {
    const agent = await tx.agents.find(agentId);
    if (!agent) throw new ExecError('agent_not_found', `there is no agent ${agentId}`);
    const { hash } = checked;
    if (agent.manifestHash === hash) {
      return { result: pendingChanges(checked.manifest, await tx.agents.toolsOf(agentId)), facts: [] };
    }
    const standing = await measure(services, tx, { agent, checked });
    const row = { agentId, projectId, hash, manifest: checked.manifest, receivedAt: clock.now() };
    await tx.agents.publish(row, standing);
    const { manifest_version: manifestVersion } = checked.manifest;
    await tx.agents.save({ ...agent, manifestVersion, manifestHash: hash });
    const pending = pendingChanges(checked.manifest, standing);
    const committed = (): void => {
      if (isAdmitted(agent)) catalogue.publish(agentId, publicationOf(checked.manifest, agent, standing));
    };
    return { result: pending, facts: [changedFact(agentId, checked, pending)], committed };
  });
}
