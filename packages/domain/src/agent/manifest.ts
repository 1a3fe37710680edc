import type { AgentManifest, getAgentManifest, ParsedInputOf } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { VerbContext } from '../context.ts';
import { loadAgent } from './load.ts';

/** Reads the manifest an agent published last, changes that wait for a person included. @throws ExecError agent_not_found */
export async function manifest(
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof getAgentManifest>,
): Promise<AgentManifest> {
  const { agents } = ctx.store.read;
  const agent = await loadAgent(ctx, agents, id);
  const published = await agents.manifest(agent.id);
  if (!published) throw new Error(`agent ${id} has no manifest`);
  return {
    object: 'manifest',
    agent_id: agent.id,
    manifest_version: published.manifest.manifest_version,
    manifest_hash: published.hash,
    received_at: toTimestamp(published.receivedAt),
    manifest: published.manifest,
  };
}
