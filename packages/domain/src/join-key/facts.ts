import type { AgentId, EntryData, EntryTypeOf, JoinKeyId } from '@xem/protocol';
import type { FactOf } from '../mutate.ts';

/** What the journal hears of a join key. */
export const joinKeyFact = <Type extends EntryTypeOf<'join_key'>>(
  type: Type,
  id: JoinKeyId,
  data: EntryData<Type>,
): FactOf<Type> => ({ type, subject: { type: 'join_key', id }, data });

/** What it hears of one use of a join key, and of the agent that took it. */
export const useFact = <Type extends `join_key.${'reserved' | 'confirmed' | 'lapsed'}`>(
  type: Type,
  use: { readonly joinKeyId: JoinKeyId; readonly agentId: AgentId },
  data: EntryData<Type>,
): FactOf<Type> => ({ ...joinKeyFact(type, use.joinKeyId, data), refs: { agent_id: use.agentId } });
