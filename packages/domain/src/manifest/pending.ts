import { RISKS, toolDigest, type Manifest, type PendingChange, type ToolDefinition } from '@xem/protocol';
import type { AgentToolRecord } from '@xem/store';

export const isLowered = (from: ToolDefinition, to: ToolDefinition): boolean =>
  RISKS.indexOf(to.risk) < RISKS.indexOf(from.risk);

/** What a tool that does not run is held behind, and what the manifest has in its place. */
function changeOf(row: AgentToolRecord, heldBehind: string, declared: ToolDefinition): PendingChange {
  const tool = row.name;
  const newDigest = toolDigest(declared);
  if (newDigest === row.digest) {
    return { tool, kind: 'risk_lowered', old_digest: heldBehind, new_digest: newDigest };
  }
  const kind = isLowered(row.definition, declared) ? 'risk_lowered' : 'definition_changed';
  return { tool, kind, old_digest: row.digest, new_digest: newDigest };
}

/** Where the manifest of an agent says other than what stands, by the names of the tools. */
export function pendingChanges(
  manifest: Manifest,
  standing: readonly AgentToolRecord[],
): readonly PendingChange[] {
  const waiting = standing.filter(({ heldBehind }) => heldBehind !== null);
  if (waiting.length === 0) return [];
  const declared = new Map(manifest.tools.map((tool) => [tool.name, tool]));
  return waiting
    .flatMap((row) => {
      const definition = declared.get(row.name);
      return definition && row.heldBehind !== null ? [changeOf(row, row.heldBehind, definition)] : [];
    })
    .toSorted((a, b) => (a.tool < b.tool ? -1 : 1));
}
