import type { AgentId, InvocationId } from '@xem/protocol';
import type { ProjectContext } from '../context.ts';
import { candidatesOf } from '../invocation/target.ts';
import { unpausedOf } from '../pause/hold.ts';

/** An agent with room that could run a queued call; null when there is none, or the call is not queued any more. */
export async function findAgentFor(ctx: ProjectContext, id: InvocationId): Promise<AgentId | null> {
  if (!ctx.fleet.hasRoom(ctx.projectId)) return null;
  const call = await ctx.store.read.invocations.get(ctx.projectId, id);
  if (call?.status !== 'queued') return null;
  return ctx.fleet.pick(unpausedOf(ctx, call, candidatesOf(ctx, call)), false)?.agentId ?? null;
}
