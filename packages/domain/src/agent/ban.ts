import { banAgent, type Agent, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { agentFact } from './facts.ts';
import { presentAgent } from './present.ts';
import { putOut } from './put-out.ts';

/** Puts an agent out, and its keys with it: neither of them may ever enrol again. @throws ExecError agent_not_found, invalid_state */
export async function ban(ctx: VerbContext, { id, reason }: ParsedInputOf<typeof banAgent>): Promise<Agent> {
  const fact = agentFact('agent.banned', id, { reason: reason ?? null });
  const departure = { event: 'ban', fact } as const;
  return presentAgent(ctx, await putOut(ctx, { operation: banAgent, id, departure }));
}
