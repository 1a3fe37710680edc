import { deleteAgent, type OutputOf, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { agentFact } from './facts.ts';
import { putOut } from './put-out.ts';

/**
 * Retires an agent that is needed no more. Its name is free and whoever takes it inherits nothing; history keeps the
 * agent under its id. @throws ExecError agent_not_found, invalid_state
 */
export async function remove(
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof deleteAgent>,
): Promise<OutputOf<typeof deleteAgent>> {
  const fact = agentFact('agent.retired', id, { because: 'deleted' });
  const departure = { event: 'retire', fact } as const;
  await putOut(ctx, { operation: deleteAgent, id, departure });
  return { object: 'agent', id, deleted: true };
}
