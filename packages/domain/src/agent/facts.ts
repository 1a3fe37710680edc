import type { AgentId } from '@xem/protocol';
import type { Fact } from '../mutate.ts';

/** What the journal hears of an agent. */
export const agentFact = (
  type: Fact['type'] & `agent.${string}`,
  id: AgentId,
  data: Readonly<Record<string, unknown>> = {},
): Fact => ({ type, subject: { type: 'agent', id }, refs: { agent_id: id }, data });
