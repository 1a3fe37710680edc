import type { AgentId, JoinKeyId } from '@xem/protocol';
import type { Fact } from '../mutate.ts';

/** What the journal hears of a join key. */
export const joinKeyFact = (
  type: Fact['type'] & `join_key.${string}`,
  id: JoinKeyId,
  data: Readonly<Record<string, unknown>> = {},
): Fact => ({ type, subject: { type: 'join_key', id }, data });

/** What it hears of one use of a join key, and of the agent that took it. */
export const useFact = (
  type: 'join_key.reserved' | 'join_key.confirmed' | 'join_key.lapsed',
  use: { readonly joinKeyId: JoinKeyId; readonly agentId: AgentId },
  data: Readonly<Record<string, unknown>> = {},
): Fact => ({ ...joinKeyFact(type, use.joinKeyId, data), refs: { agent_id: use.agentId } });
