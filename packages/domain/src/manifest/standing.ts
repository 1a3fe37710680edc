import { ExecError } from '@xem/errors';
import { GATED_RISKS, MANIFEST_TOOLS_MAX, toolDigest, type ToolDefinition } from '@xem/protocol';
import type { AgentRecord, AgentToolRecord } from '@xem/store';
import type { CheckedManifest, CheckedTool } from './check.ts';
import { isLowered } from './pending.ts';

/** Tools that stand, withdrawn ones remembered, are at most this many. */
const STANDING_MAX = 2 * MANIFEST_TOOLS_MAX;

/** What a manifest is measured against. */
export interface Before {
  readonly agent: Pick<AgentRecord, 'id' | 'projectId' | 'manifestVersion'>;
  readonly tools: readonly AgentToolRecord[];
  /** The tools of the manifest before this one. */
  readonly declared: readonly ToolDefinition[];
  readonly now: number;
  /** The digest of a gated tool that another agent has under this name; null when none has. */
  gatedElsewhere(name: string): string | null;
}

/**
 * How a tool stands: it runs; the manifest has another definition, which waits; the manifest has none of this name;
 * or it waits itself, and never ran.
 */
type Place = 'runs' | 'changing' | 'withdrawn' | 'newcomer';

interface Measure extends Before {
  /** The version did not grow with what it stands for. */
  readonly drifted: boolean;
  readonly former: ReadonlyMap<string, AgentToolRecord>;
}

function placeOf({ declared }: Before, row: AgentToolRecord): Place {
  if (row.heldBehind === null) return 'runs';
  const definition = declared.find(({ name }) => name === row.name);
  if (!definition) return 'withdrawn';
  return toolDigest(definition) === row.digest ? 'newcomer' : 'changing';
}

/** What may not take effect in silence: a lower risk, another definition of a gated tool, drift. */
const mustWait = (old: AgentToolRecord, { definition, digest }: CheckedTool, drifted: boolean): boolean =>
  old.digest !== digest &&
  (drifted || GATED_RISKS.has(old.definition.risk) || isLowered(old.definition, definition));

/** What holds a tool of low risk that comes under a name which elsewhere stands for a gated one. */
function holdOf(measure: Measure, { definition }: CheckedTool, old: AgentToolRecord | null): string | null {
  if (GATED_RISKS.has(definition.risk)) return null;
  const place = old && placeOf(measure, old);
  if (place === 'runs' || place === 'changing') return null;
  const behind = measure.gatedElsewhere(definition.name);
  return behind ?? (place === 'newcomer' && old ? old.heldBehind : null);
}

function standingOf(measure: Measure, tool: CheckedTool): AgentToolRecord {
  const { agent, former, drifted, now } = measure;
  const { digest, definition } = tool;
  const old = former.get(definition.name) ?? null;
  if (old && placeOf(measure, old) !== 'newcomer' && mustWait(old, tool, drifted)) {
    return { ...old, heldBehind: digest };
  }
  const known = old?.digest === digest ? old : null;
  return {
    agentId: agent.id,
    projectId: agent.projectId,
    name: definition.name,
    digest,
    definition,
    boundAt: known?.boundAt ?? now,
    acceptedBy: known?.acceptedBy ?? null,
    heldBehind: holdOf(measure, tool, old),
  };
}

/**
 * The tools that stand once a manifest is published. Withdrawn tools that did more than read are remembered, so that
 * taking one away and bringing it back tamer is the change it is. @throws ExecError exec_manifest_invalid
 */
export function standingAfter(checked: CheckedManifest, before: Before): readonly AgentToolRecord[] {
  const drifted = before.agent.manifestVersion >= checked.manifest.manifest_version;
  const former = new Map(before.tools.map((tool) => [tool.name, tool]));
  const measure = { ...before, drifted, former };
  const withdraw = (tool: AgentToolRecord): AgentToolRecord => ({ ...tool, heldBehind: checked.hash });
  const declared = checked.tools.map((tool) => standingOf(measure, tool));
  const names = new Set(declared.map(({ name }) => name));
  const withdrawn = before.tools
    .filter(({ name, definition }) => !names.has(name) && definition.risk !== 'read')
    .map(withdraw);
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
