import type {
  AgentManifest,
  getAgentManifest,
  ParsedInputOf,
  PendingChange,
  ToolDefinition,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { AgentToolRecord, ManifestRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { pendingChanges } from '../manifest/pending.ts';
import { loadAgent } from './load.ts';

/** Each change that waits with both definitions; a tool that another agent had may be gone by now. */
function describeChanges(
  { catalogue }: VerbContext,
  { projectId, manifest: published }: ManifestRecord,
  standing: readonly AgentToolRecord[],
): AgentManifest['pending_changes'] {
  const oldOf = ({ tool, old_digest: digest }: PendingChange): ToolDefinition | null =>
    standing.find((row) => row.digest === digest)?.definition ??
    catalogue.find(projectId, tool)?.variants.find((variant) => variant.digest === digest)?.definition ??
    null;
  return pendingChanges(published, standing).flatMap((change) => {
    const next = published.tools.find(({ name }) => name === change.tool);
    return next ? [{ ...change, old: oldOf(change), new: next }] : [];
  });
}

/** Reads the manifest an agent published last, changes that wait for a person included. @throws ExecError agent_not_found */
export async function manifest(
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof getAgentManifest>,
): Promise<AgentManifest> {
  const { agents } = ctx.store.read;
  const agent = await loadAgent(ctx, agents, id);
  const published = await agents.manifest(agent.id);
  if (!published) throw new Error(`agent ${id} has no manifest`);
  const standing = await agents.toolsOf(agent.id);
  return {
    object: 'manifest',
    agent_id: agent.id,
    manifest_version: published.manifest.manifest_version,
    manifest_hash: published.hash,
    received_at: toTimestamp(published.receivedAt),
    manifest: published.manifest,
    pending_changes: describeChanges(ctx, published, standing),
  };
}
