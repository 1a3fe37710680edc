import { pauseAgent, resumeAgent, type Agent, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { changePause } from '../pause/change.ts';
import { loadAdmitted } from './admitted.ts';
import { agentFact } from './facts.ts';
import { presentAgent } from './present.ts';

type Input = ParsedInputOf<typeof pauseAgent>;

const change = async (ctx: VerbContext, { id, reason }: Input, pause: boolean): Promise<Agent> => {
  const row = await changePause(ctx, {
    operation: pause ? pauseAgent : resumeAgent,
    pause,
    reason,
    load: (tx) => loadAdmitted(ctx, tx.agents, id),
    save: (tx, agent) => tx.agents.save(agent),
    fact: (agent, data) => agentFact(pause ? 'agent.paused' : 'agent.resumed', agent.id, data),
  });
  return presentAgent(ctx, row);
};

/**
 * Gives an agent no new work; what it runs goes on. Calls that only paused agents could take wait, with their clocks
 * stopped. Again changes nothing. @throws ExecError agent_not_found, invalid_state
 */
export const pause = (ctx: VerbContext, input: Input): Promise<Agent> => change(ctx, input, true);

/** Gives an agent work again. @throws ExecError agent_not_found, invalid_state */
export const resume = (ctx: VerbContext, input: Input): Promise<Agent> => change(ctx, input, false);
