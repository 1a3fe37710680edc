import { ExecError } from '@xem/errors';
import type { AgentId, Risk, WorkspaceId } from '@xem/protocol';
import type { CallKind } from '@xem/store';
import type { ToolVariants, Variant } from '../catalogue/catalogue.ts';
import { within } from '../catalogue/within.ts';
import type { ProjectContext, VerbContext } from '../context.ts';
import { waitingFor } from '../manifest/waiting-for.ts';

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

async function assertAgent(ctx: ProjectContext, agentId: AgentId): Promise<void> {
  if (ctx.fleet.find(agentId)?.projectId === ctx.projectId) return;
  if (await ctx.store.read.agents.get(ctx.projectId, agentId)) return;
  throw new ExecError('agent_not_found', `the project has no agent ${agentId}`, { param: '/agent_id' });
}

/** A definition that could run, and where. */
type Choice = Pick<Target, 'variant' | 'agents'>;

const AT_TOOL = { param: '/tool', place: 'target' } as const;

/** Why nobody can run it: nobody has it, or what they have of it waits for a person. */
function whyNot(ctx: ProjectContext, { workspaceId, tool, pinnedAgentId }: TargetQuery): string {
  const waiting = ctx.catalogue
    .waiting(ctx.projectId, tool, workspaceId)
    .find(({ agentId }) => (pinnedAgentId ?? agentId) === agentId);
  if (waiting) return `${tool} is not published in ${workspaceId}: ${waitingFor(waiting)}`;
  const whom = pinnedAgentId === null ? 'an agent that is online' : `agent ${pinnedAgentId}`;
  return `${tool} is not published by ${whom} in ${workspaceId}`;
}

/** Whether a person let this definition in beside those that were there. */
const isAccepted = ({ variant, agents }: Choice): boolean =>
  agents.some((agentId) => variant.accepted.has(agentId));

function whichOf({ tool, workspaceId }: TargetQuery, choices: readonly Choice[]): string {
  const all = choices.map(({ variant, agents: [agentId] }) => `${variant.digest} of ${agentId}`);
  return `${tool} has several definitions in ${workspaceId}, name an agent in agent_id: ${all.join(', ')}`;
}

/**
 * Finds what a call names. Of several definitions it takes the one that was bound first among those that an online
 * agent can run, unless a person let a later one in beside it; the risk is the strictest of all.
 * @throws ExecError exec_tool_not_found, tool_ambiguous, agent_not_found
 */
export async function resolveTarget(ctx: VerbContext, query: TargetQuery): Promise<Target> {
  const { workspaceId, tool, pinnedAgentId } = query;
  if (pinnedAgentId !== null) await assertAgent(ctx, pinnedAgentId);
  const found = ctx.catalogue.find(ctx.projectId, tool, workspaceId);
  const choices = (found?.variants ?? []).flatMap((variant): readonly Choice[] => {
    const agents = within(ctx.catalogue, variant.agents, workspaceId).filter(
      (agentId) => ctx.fleet.isOnline(agentId) && (pinnedAgentId ?? agentId) === agentId,
    );
    return agents.length > 0 ? [{ variant, agents }] : [];
  });
  const [first, ...others] = choices;
  if (!found || !first) throw new ExecError('exec_tool_not_found', whyNot(ctx, query), AT_TOOL);
  if (others.some(isAccepted)) throw new ExecError('tool_ambiguous', whichOf(query, choices), AT_TOOL);
  return { tool: found, risk: found.risk, ...first };
}

/** The definition that a call is bound to, as long as it stands for an agent of the workspace. */
export const boundVariant = (
  { catalogue }: ProjectContext,
  { projectId, tool, workspaceId, toolDigest }: CallKind,
): Variant | undefined =>
  catalogue.find(projectId, tool, workspaceId)?.variants.find(({ digest }) => digest === toolDigest);

/** Agents that publish the definition a call is bound to for its workspace, online or not. */
export function publishersOf(ctx: ProjectContext, call: CallKind): readonly AgentId[] {
  const variant = boundVariant(ctx, call);
  return variant ? within(ctx.catalogue, variant.agents, call.workspaceId) : [];
}

/** Agents that could run a call that was let in before: its definition, its workspace, its pin. */
export const candidatesOf = (ctx: ProjectContext, call: CallKind): readonly AgentId[] =>
  publishersOf(ctx, call).filter((agentId) => (call.pinnedAgentId ?? agentId) === agentId);
