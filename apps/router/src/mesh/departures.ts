import { agentContext, lapseAttempts, type Services } from '@xem/domain';
import type { Refusal, RouterMesh } from '@xem/mesh';
import type { AgentId, JournalEntry } from '@xem/protocol';
import type { Errands } from '../errands.ts';

interface Leaving {
  readonly services: Services;
  readonly mesh: RouterMesh;
  readonly errands: Errands;
}

const LAST_WORDS: ReadonlyMap<string, Refusal> = new Map([
  ['agent.retired', { code: 'retired', message: 'another agent took the place of this one' }],
  ['agent.evicted', { code: 'evicted', message: 'a person took this agent out of the mesh' }],
]);

const LOST_ITS_NAME: Refusal = {
  code: 'agent_name_conflict',
  message: 'the conflict over the name was resolved in favour of the other agent; this one was evicted',
};

/** What an agent is told at last; null for an entry after which it stays. */
function lastWords({ type, data }: JournalEntry): Refusal | null {
  if (data['because'] === 'conflict' && type === 'agent.evicted') return LOST_ITS_NAME;
  return LAST_WORDS.get(type) ?? null;
}

/** What it ran waits for its grace, and is then given up. */
async function giveUp(
  services: Services,
  { project_id: projectId }: JournalEntry,
  agentId: AgentId,
): Promise<void> {
  await lapseAttempts(agentContext(services, { projectId, agentId }), agentId);
}

/** Ends the sessions of agents that may connect no more, whatever it was that took them out. Returns what stops it. */
export function startDepartures({ services, mesh, errands }: Leaving): () => void {
  const follow = (entry: JournalEntry): void => {
    const refusal = lastWords(entry);
    const agentId = entry.refs.agent_id;
    if (refusal === null || !agentId) return;
    const session = mesh.sessionOf(agentId);
    if (session) mesh.close(session.name, refusal);
    errands.run('agent.give_up', () => giveUp(services, entry, agentId));
  };
  return services.store.onCommit((entries) => entries.forEach(follow));
}
