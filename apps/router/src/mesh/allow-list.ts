import { curveKeysOf, DEPARTURES, isAdmitted } from '@xem/domain';
import type { AgentId, JournalEntry } from '@xem/protocol';
import type { Store } from '@xem/store';
import type { Errands } from '../errands.ts';

/** The CURVE keys that may connect to the data socket, in memory: asked for every connection. */
export interface AllowList {
  readonly admits: (curveKey: string) => boolean;
  /** Reads the keys of an agent now, before the agent hears that they are admitted. */
  refresh(agentId: AgentId): Promise<void>;
  close(): void;
}

/** Entries after which an agent's right to connect must be read again. */
const CHANGES_ADMISSION: ReadonlySet<string> = new Set([
  ...DEPARTURES,
  'agent.enrolled',
  'agent.key_rotation_admitted',
  'agent.key_rotation_dropped',
  'agent.key_rotated',
  'join_key.lapsed',
]);

interface Keys {
  readonly ofAgent: Map<AgentId, readonly string[]>;
  readonly ownerOf: Map<string, AgentId>;
}

/** Gives an agent these keys and no others. */
function assign({ ofAgent, ownerOf }: Keys, agentId: AgentId, curveKeys: readonly string[]): void {
  for (const key of ofAgent.get(agentId) ?? []) if (ownerOf.get(key) === agentId) ownerOf.delete(key);
  for (const key of curveKeys) ownerOf.set(key, agentId);
  if (curveKeys.length > 0) ofAgent.set(agentId, curveKeys);
  else ofAgent.delete(agentId);
}

/** Reads the list from the store, and follows its commits. */
export async function openAllowList(store: Store, errands: Errands): Promise<AllowList> {
  const keys: Keys = { ofAgent: new Map(), ownerOf: new Map() };
  const refresh = async (agentId: AgentId): Promise<void> => {
    const agent = await store.read.agents.find(agentId);
    assign(keys, agentId, agent && isAdmitted(agent) ? curveKeysOf(agent) : []);
  };
  const follow = ({ type, refs }: JournalEntry): void => {
    const agentId = refs.agent_id;
    if (agentId && CHANGES_ADMISSION.has(type)) errands.run('allow_list.refresh', () => refresh(agentId));
  };
  const close = store.onCommit((entries) => entries.forEach(follow));
  for (const { agentId, curveKey } of await store.read.agents.admitted()) {
    assign(keys, agentId, [...(keys.ofAgent.get(agentId) ?? []), curveKey]);
  }
  return { admits: (curveKey) => keys.ownerOf.has(curveKey), refresh, close };
}
