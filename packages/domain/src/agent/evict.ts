import { evictAgent, type Agent, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { agentFact } from './facts.ts';
import { presentAgent } from './present.ts';
import { putOut } from './put-out.ts';

/** Puts an agent out. Its host may enrol again, with the keys it has and a new join key, and inherits nothing. @throws ExecError agent_not_found, invalid_state */
export async function evict(
  ctx: VerbContext,
  { id, reason }: ParsedInputOf<typeof evictAgent>,
): Promise<Agent> {
  const fact = agentFact('agent.evicted', id, { reason: reason ?? null });
  const departure = { event: 'evict', fact } as const;
  return presentAgent(ctx, await putOut(ctx, { operation: evictAgent, id, departure }));
}
