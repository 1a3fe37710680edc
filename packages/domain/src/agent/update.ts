import { updateAgent, type Agent, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { loadAdmitted } from './admitted.ts';
import { agentFact } from './facts.ts';
import { presentAgent } from './present.ts';

/** Says where an agent is, or takes that back; the same again changes nothing. @throws ExecError agent_not_found, invalid_state */
export async function update(
  ctx: VerbContext,
  { id, region }: ParsedInputOf<typeof updateAgent>,
): Promise<Agent> {
  const row = await mutate(ctx, updateAgent, async (tx) => {
    const agent = await loadAdmitted(ctx, tx.agents, id);
    if (agent.region === region) return { result: agent, facts: [] };
    const saved = await tx.agents.save({ ...agent, region });
    return { result: saved, facts: [agentFact('agent.updated', id, { region, before: agent.region })] };
  });
  return presentAgent(ctx, row);
}
