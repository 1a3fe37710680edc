import { ExecError } from '@xem/errors';
import type { AgentId, Risk, WorkspaceId } from '@xem/protocol';
import type { CallKind } from '@xem/store';
import type { Catalogue, ToolVariants, Variant } from '../catalogue/catalogue.ts';
import type { ProjectContext, VerbContext } from '../context.ts';

/** What a call named. */
export interface TargetQuery {
  readonly workspaceId: WorkspaceId;
  readonly tool: string;
  readonly pinnedAgentId: AgentId | null;
}

/** The definition a call is bound to, its effective risk, and who could run it. */
export interface Target {
  readonly tool: ToolVariants;
  readonly variant: Variant;
  readonly risk: Risk;
  readonly agents: readonly AgentId[];
}

/** Agents that publish a definition and serve a workspace, online or not. */
const serving = (catalogue: Catalogue, variant: Variant, workspaceId: WorkspaceId): readonly AgentId[] =>
  [...variant.agents].filter((agentId) => catalogue.workspacesOf(agentId).has(workspaceId));

async function assertAgent(ctx: ProjectContext, agentId: AgentId): Promise<void> {
  if (ctx.fleet.find(agentId)?.projectId === ctx.projectId) return;
  if (await ctx.store.read.agents.get(ctx.projectId, agentId)) return;
  throw new ExecError('agent_not_found', `the project has no agent ${agentId}`, { param: '/agent_id' });
}

/**
 * Finds what a call names. Of several definitions it takes the one that was bound first among those that an online
 * agent can run; the risk is the strictest of all. @throws ExecError exec_tool_not_found, agent_not_found
 */
export async function resolveTarget(ctx: VerbContext, query: TargetQuery): Promise<Target> {
  const { workspaceId, tool, pinnedAgentId } = query;
  if (pinnedAgentId !== null) await assertAgent(ctx, pinnedAgentId);
  const found = ctx.catalogue.find(ctx.projectId, tool, workspaceId);
  for (const variant of found?.variants ?? []) {
    const agents = serving(ctx.catalogue, variant, workspaceId).filter(
      (agentId) => ctx.fleet.isOnline(agentId) && (pinnedAgentId ?? agentId) === agentId,
    );
    if (found && agents.length > 0) return { tool: found, variant, risk: found.risk, agents };
  }
  const whom = pinnedAgentId === null ? 'an agent that is online' : `agent ${pinnedAgentId}`;
  throw new ExecError('exec_tool_not_found', `${tool} is not published by ${whom} in ${workspaceId}`, {
    param: '/tool',
    place: 'target',
  });
}

/** The definition that a call is bound to, as long as an agent publishes it for the workspace. */
export const boundVariant = (
  { catalogue }: ProjectContext,
  { projectId, tool, workspaceId, toolDigest }: CallKind,
): Variant | undefined =>
  catalogue.find(projectId, tool, workspaceId)?.variants.find(({ digest }) => digest === toolDigest);

/** Agents that could run a call that was let in before: its definition, its workspace, its pin. */
export function candidatesOf(ctx: ProjectContext, call: CallKind): readonly AgentId[] {
  const variant = boundVariant(ctx, call);
  if (!variant) return [];
  return serving(ctx.catalogue, variant, call.workspaceId).filter(
    (agentId) => (call.pinnedAgentId ?? agentId) === agentId,
  );
}
