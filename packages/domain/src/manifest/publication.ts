import { toolDigest, type Manifest } from '@xem/protocol';
import type { AgentRecord, AgentToolRecord } from '@xem/store';
import type { PublishedManifest } from '../catalogue/catalogue.ts';
import { pendingChanges } from './pending.ts';

/** What the catalogue gets of what stands: the tools that the manifest still names, and those it had and names no more. */
export function publicationOf(
  manifest: Manifest,
  agent: Pick<AgentRecord, 'projectId'>,
  standing: readonly AgentToolRecord[],
): PublishedManifest {
  const declared = new Map(manifest.tools.map((tool) => [tool.name, tool]));
  const named = standing.filter(({ name }) => declared.has(name));
  const isReplaced = ({ name, digest, heldBehind }: AgentToolRecord): boolean => {
    const definition = declared.get(name);
    return heldBehind !== null && definition !== undefined && toolDigest(definition) !== digest;
  };
  return {
    projectId: agent.projectId,
    workspaces: manifest.workspaces.map(({ id }) => id),
    tools: named.filter(({ heldBehind }) => heldBehind === null),
    changing: named.filter(isReplaced),
    withdrawn: standing.filter(({ name }) => !declared.has(name)),
    waiting: pendingChanges(manifest, standing),
  };
}
