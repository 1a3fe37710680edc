import type { AgentEnvironment, getAgentEnvironment, ParsedInputOf } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { VerbContext } from '../context.ts';
import { loadAgent } from './load.ts';

/** Reads what an agent told of its host at its last hello. @throws ExecError agent_not_found */
export async function environment(
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof getAgentEnvironment>,
): Promise<AgentEnvironment> {
  const agent = await loadAgent(ctx, ctx.store.read.agents, id);
  return {
    object: 'agent_environment',
    agent_id: agent.id,
    ...agent.host,
    reported_at: toTimestamp(agent.hostReportedAt),
  };
}
