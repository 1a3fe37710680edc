import { isAdmitted } from '@xem/domain';
import type { AgentId, JournalEntry } from '@xem/protocol';
import type { AgentRecord, Store } from '@xem/store';
import type { Errands } from '../errands.ts';

/** The CURVE keys that may connect to the data socket, in memory: asked for every connection. */
export interface AllowList {
  readonly admits: (curveKey: string) => boolean;
  /** Lets an agent in that was enrolled a moment ago, before it hears of it. */
  admit(agent: Pick<AgentRecord, 'id' | 'curveKey'>): void;
  close(): void;
}

/** Entries after which an agent's right to connect must be read again. */
const CHANGES_ADMISSION: ReadonlySet<string> = new Set([
  'agent.enrolled',
  'agent.retired',
  'agent.evicted',
  'join_key.lapsed',
]);

/** Reads the list from the store, and follows its commits. */
export async function openAllowList(store: Store, errands: Errands): Promise<AllowList> {
  const keyOf = new Map<AgentId, string>();
  const admitted = new Set<string>();
  const admit = ({ id, curveKey }: Pick<AgentRecord, 'id' | 'curveKey'>): void => {
    keyOf.set(id, curveKey);
    admitted.add(curveKey);
  };
  const forget = (agentId: AgentId): void => {
    admitted.delete(keyOf.get(agentId) ?? '');
    keyOf.delete(agentId);
  };
  const refresh = async (agentId: AgentId): Promise<void> => {
    const agent = await store.read.agents.find(agentId);
    if (agent && isAdmitted(agent)) admit(agent);
    else forget(agentId);
  };
  const follow = ({ type, refs }: JournalEntry): void => {
    const agentId = refs.agent_id;
    if (agentId && CHANGES_ADMISSION.has(type)) errands.run('allow_list.refresh', () => refresh(agentId));
  };
  const close = store.onCommit((entries) => entries.forEach(follow));
  for (const { agentId: id, curveKey } of await store.read.agents.admitted()) admit({ id, curveKey });
  return { admits: (curveKey) => admitted.has(curveKey), admit, close };
}
