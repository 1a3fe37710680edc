import { ExecError } from '@xem/errors';
import {
  GATED_RISKS,
  MANIFEST_TOOLS_MAX,
  RISKS,
  type Agent,
  type Manifest,
  type ToolDefinition,
} from '@xem/protocol';
import type { AgentRecord, AgentToolRecord } from '@xem/store';
import type { PublishedManifest } from '../catalogue/catalogue.ts';
import type { CheckedManifest, CheckedTool } from './check.ts';

/** A change that waits for a person: the tool stands as it was until somebody accepts the new definition. */
export type PendingChange = Agent['manifest']['pending_changes'][number];

/** Tools that stand, withdrawn ones remembered, are at most this many. */
const STANDING_MAX = 2 * MANIFEST_TOOLS_MAX;

const isLowered = (from: ToolDefinition, to: ToolDefinition): boolean =>
  RISKS.indexOf(to.risk) < RISKS.indexOf(from.risk);

/** What may not take effect in silence: a lower risk, another definition of a gated tool, drift at one version. */
const mustWait = (old: AgentToolRecord, { definition, digest }: CheckedTool, drifted: boolean): boolean =>
  old.digest !== digest &&
  (drifted || GATED_RISKS.has(old.definition.risk) || isLowered(old.definition, definition));

/** What a manifest is measured against. */
export interface Before {
  readonly agent: Pick<AgentRecord, 'id' | 'projectId' | 'manifestVersion'>;
  readonly tools: readonly AgentToolRecord[];
  readonly now: number;
}

/**
 * The tools that stand once a manifest is published. Withdrawn tools that did more than read are remembered, so that
 * taking one away and bringing it back tamer is the change it is. @throws ExecError exec_manifest_invalid
 */
export function standingAfter(
  checked: CheckedManifest,
  { agent, tools, now }: Before,
): readonly AgentToolRecord[] {
  const drifted = agent.manifestVersion === checked.manifest.manifest_version;
  const former = new Map(tools.map((tool) => [tool.name, tool]));
  const stands = ({ digest, definition }: CheckedTool): AgentToolRecord => {
    const old = former.get(definition.name);
    if (old && mustWait(old, { digest, definition }, drifted)) return old;
    const { id: agentId, projectId } = agent;
    return {
      agentId,
      projectId,
      name: definition.name,
      digest,
      definition,
      boundAt: old?.digest === digest ? old.boundAt : now,
      acceptedBy: old?.digest === digest ? old.acceptedBy : null,
      heldBehind: null,
    };
  };
  const declared = checked.tools.map(stands);
  const names = new Set(declared.map(({ name }) => name));
  const withdrawn = tools.filter(({ name, definition }) => !names.has(name) && definition.risk !== 'read');
  if (declared.length + withdrawn.length <= STANDING_MAX) return [...declared, ...withdrawn];
  throw new ExecError('exec_manifest_invalid', 'the agent withdrew too many tools; enrol it anew', {
    param: '/tools',
  });
}

/** The tools that stand from an agent's enrolment on: all that it declares. */
export const firstStanding = (
  { tools }: CheckedManifest,
  { id: agentId, projectId, createdAt: boundAt }: AgentRecord,
): readonly AgentToolRecord[] =>
  tools.map(({ digest, definition }) => ({
    agentId,
    projectId,
    name: definition.name,
    digest,
    definition,
    boundAt,
    acceptedBy: null,
    heldBehind: null,
  }));

/** Where the manifest of an agent says other than what stands. */
export const pendingChanges = (
  declared: readonly CheckedTool[],
  standing: readonly AgentToolRecord[],
): readonly PendingChange[] => {
  const current = new Map(standing.map((tool) => [tool.name, tool]));
  return declared.flatMap(({ digest, definition }) => {
    const old = current.get(definition.name);
    if (!old || old.digest === digest) return [];
    const kind = isLowered(old.definition, definition) ? 'risk_lowered' : 'definition_changed';
    return [{ tool: definition.name, kind, old_digest: old.digest, new_digest: digest }];
  });
};

/** What the catalogue gets: of what stands, the tools that the manifest still names. */
export function publicationOf(
  manifest: Manifest,
  agent: Pick<AgentRecord, 'projectId'>,
  standing: readonly AgentToolRecord[],
): PublishedManifest {
  const names = new Set(manifest.tools.map(({ name }) => name));
  return {
    projectId: agent.projectId,
    workspaces: manifest.workspaces.map(({ id }) => id),
    tools: standing.filter(({ name }) => names.has(name)),
  };
}
