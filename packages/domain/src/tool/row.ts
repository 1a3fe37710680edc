import { toolAlias, type AgentId, type ProjectId, type Tool, type WorkspaceId } from '@xem/protocol';
import type { PolicyRecord } from '@xem/store';
import type { ToolVariants, Variant } from '../catalogue/catalogue.ts';
import { within } from '../catalogue/within.ts';
import type { Services } from '../context.ts';
import { requiresApproval } from '../policy/rules.ts';

/** Where tools are looked for: a project, or one workspace of it, and the policy in force there. */
export interface ToolReach {
  readonly projectId: ProjectId;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly policy: PolicyRecord;
}

/** One definition, among all of its name. */
export interface ToolChoice {
  readonly tool: ToolVariants;
  readonly variant: Variant;
}

type Memory = Pick<Services, 'catalogue' | 'fleet'>;

type Agents = readonly AgentId[];

/** The agents that can run a definition, and serve the workspace when one is named. */
export const runnersOf = (memory: Memory, variant: Variant, workspaceId?: WorkspaceId): Agents =>
  within(memory.catalogue, variant.agents, workspaceId);

/** The agents that a definition stands for: those that can run it, and those that have a change of it waiting. */
export const standsFor = (memory: Memory, variant: Variant, workspaceId?: WorkspaceId): Agents =>
  within(memory.catalogue, [...variant.agents, ...variant.changing], workspaceId);

const servedBy = ({ catalogue }: Memory, agents: readonly AgentId[]): readonly WorkspaceId[] => [
  ...new Set(agents.flatMap((agentId) => [...catalogue.workspacesOf(agentId)])),
];

/** How many of some agents may be given work. */
export const onlineAmong = ({ fleet }: Memory, agents: readonly AgentId[]): number =>
  agents.filter((agentId) => fleet.isOnline(agentId)).length;

/** A row of the list of tools. Its risk is the strictest that its name has within the reach. */
export function presentTool(memory: Memory, reach: ToolReach, { tool, variant }: ToolChoice): Tool {
  const agents = standsFor(memory, variant, reach.workspaceId);
  const { definition } = variant;
  return {
    object: 'tool',
    name: definition.name,
    description: definition.description,
    domain: definition.domain,
    risk: tool.risk,
    timeout_ms: definition.timeout_ms,
    digest: variant.digest,
    variants: tool.variants.length,
    mcp: { visible: definition.mcp.visible, alias: toolAlias(definition) },
    workspaces: [...servedBy(memory, agents)],
    agents_online: onlineAmong(memory, runnersOf(memory, variant, reach.workspaceId)),
    agents_total: agents.length,
    requires_approval: requiresApproval(reach.policy.rules, tool.risk),
  };
}
