import { ExecError } from '@xem/errors';
import { revokeAgentCredentials, type Agent, type ParsedInputOf } from '@xem/protocol';
import type { AgentRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { agentFact } from './facts.ts';
import { presentAgent } from './present.ts';
import { putOut } from './put-out.ts';

/**
 * Puts an agent out whose keys may be known to others. Its host is trusted as before: it may enrol again, with new keys
 * and a new join key. The keys may not, not even those of an agent that was evicted before.
 * @throws ExecError agent_not_found, invalid_state
 */
export async function revokeCredentials(
  ctx: VerbContext,
  { id, reason }: ParsedInputOf<typeof revokeAgentCredentials>,
): Promise<Agent> {
  const change = (row: AgentRecord): AgentRecord => {
    if (row.credentialsRevokedAt === null) return { ...row, credentialsRevokedAt: ctx.clock.now() };
    throw new ExecError('invalid_state', `the credentials of ${id} are revoked`);
  };
  const data = { reason: reason ?? null, because: 'credentials_revoked' } as const;
  const fact = agentFact('agent.evicted', id, data);
  const departure = { event: 'revokeCredentials', fact } as const;
  return presentAgent(ctx, await putOut(ctx, { operation: revokeAgentCredentials, id, change, departure }));
}
