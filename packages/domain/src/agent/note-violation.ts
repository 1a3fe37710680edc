import { internalOperation, type ProjectContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import type { AgentId } from '@xem/protocol';
import { agentFact } from './facts.ts';

const noteAgentViolation = internalOperation('agent.note_violation');

/** Something an agent's connection did that it must not do, and how often since it was last told. */
export interface AgentViolation {
  readonly agentId: AgentId;
  readonly reason: string;
  readonly count: number;
}

/** Journals that an agent broke the rules of the wire. */
export const noteViolation = (
  ctx: ProjectContext,
  { agentId, reason, count }: AgentViolation,
): Promise<void> =>
  mutate<void>(ctx, noteAgentViolation, async () => ({
    result: undefined,
    facts: [agentFact('agent.protocol_violation', agentId, { reason, count })],
  }));
