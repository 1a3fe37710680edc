import type { AgentId, EntryData, EntryTypeOf } from '@xem/protocol';
import type { FactOf } from '../mutate.ts';

/** What the journal hears of an agent. */
export const agentFact = <Type extends EntryTypeOf<'agent'>>(
  type: Type,
  id: AgentId,
  data: EntryData<Type>,
): FactOf<Type> => ({ type, subject: { type: 'agent', id }, refs: { agent_id: id }, data });
