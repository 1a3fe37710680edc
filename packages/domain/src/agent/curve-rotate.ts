import { ExecError } from '@xem/errors';
import { rotateAgentCurve, type Agent, type ParsedInputOf } from '@xem/protocol';
import type { AgentRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { agentFact } from './facts.ts';
import { loadAgent } from './load.ts';
import { presentAgent } from './present.ts';
import { mayRotate } from './rotation.ts';

function assertRotatable(agent: AgentRecord): void {
  if (mayRotate(agent)) return;
  const { id, status, rotation } = agent;
  const why =
    rotation === null ? `${status}, and must be online to make a key` : 'changing its CURVE key already';
  throw new ExecError('invalid_state', `agent ${id} is ${why}`);
}

/**
 * Asks an agent for a new CURVE key; it is finished when the agent has come back with it, within 10 minutes.
 * @throws ExecError agent_not_found, invalid_state unless the agent is online and no change is under way
 */
export async function curveRotate(
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof rotateAgentCurve>,
): Promise<Agent> {
  const asked = await mutate(ctx, rotateAgentCurve, async (tx) => {
    const agent = await loadAgent(ctx, tx.agents, id);
    assertRotatable(agent);
    const rotation = { id: ctx.ids.hex(), startedAt: ctx.clock.now(), curveKey: null };
    return {
      result: await tx.agents.save({ ...agent, rotation }),
      facts: [agentFact('agent.key_rotation_started', id, { rotation_id: rotation.id })],
    };
  });
  return presentAgent(ctx, asked);
}
