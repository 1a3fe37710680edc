import { ExecError } from '@xem/errors';
import type { AgentId } from '@xem/protocol';
import { agentContext, internalOperation, type Services } from '../context.ts';
import { checkManifest, type CheckedManifest } from '../manifest/check.ts';
import { pendingChanges, publicationOf, standingAfter, type PendingChange } from '../manifest/standing.ts';
import { mutate, type Fact } from '../mutate.ts';
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

/**
 * Takes over what an agent publishes. Changes that lower a guard do not take effect: the tool stands as it was, and
 * the agent shows what waits. Answers those. @throws ExecError exec_manifest_invalid, agent_not_found
 */
export async function publishManifest(
  services: Services,
  { agentId, manifest }: { readonly agentId: AgentId; readonly manifest: unknown },
): Promise<readonly PendingChange[]> {
  const checked = checkManifest(manifest, services.catalogue.compile);
  const known = await services.store.read.agents.find(agentId);
  if (!known) throw new ExecError('agent_not_found', `there is no agent ${agentId}`);
  const { projectId } = known;
  return mutate(agentContext(services, { projectId, agentId }), publish, async (tx) => {
    const agent = await tx.agents.find(agentId);
    if (!agent) throw new ExecError('agent_not_found', `there is no agent ${agentId}`);
    const tools = await tx.agents.toolsOf(agentId);
    if (agent.manifestHash === checked.hash) {
      return { result: pendingChanges(checked.tools, tools), facts: [] };
    }
    const now = services.clock.now();
    const standing = standingAfter(checked, { agent, tools, now });
    const { hash } = checked;
    await tx.agents.publish(
      { agentId, projectId, hash, manifest: checked.manifest, receivedAt: now },
      standing,
    );
    await tx.agents.save({
      ...agent,
      manifestVersion: checked.manifest.manifest_version,
      manifestHash: hash,
    });
    const pending = pendingChanges(checked.tools, standing);
    return {
      result: pending,
      facts: [changedFact(agentId, checked, pending)],
      committed: () => services.catalogue.publish(agentId, publicationOf(checked.manifest, agent, standing)),
    };
  });
}
