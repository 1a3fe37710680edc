import { agentContext, DEPARTURES, lapseAttempts, type Services } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import type { AgentId, JournalEntry, LastRefusal } from '@xem/protocol';
import type { Errands } from '../errands.ts';

interface Leaving {
  readonly services: Services;
  readonly mesh: RouterMesh;
  readonly errands: Errands;
}

type Why = (typeof DEPARTURES)[number] | 'conflict' | 'credentials_revoked' | 'deleted';

interface LastWords {
  readonly code: LastRefusal;
  readonly message: string;
}

/** What an agent is told at last, by why it goes: by the entry, or by the reason the entry gives. */
const LAST_WORDS: Readonly<Record<Why, LastWords>> = {
  'agent.evicted': { code: 'evicted', message: 'a person took this agent out of the mesh' },
  'agent.banned': { code: 'banned', message: 'a person banned this agent, and its keys with it' },
  'agent.retired': { code: 'retired', message: 'another agent took the place of this one' },
  conflict: {
    code: 'agent_name_conflict',
    message: 'the conflict over the name was resolved in favour of the other agent; this one was evicted',
  },
  credentials_revoked: {
    code: 'credentials_revoked',
    message: 'a person revoked the credentials of this agent',
  },
  deleted: { code: 'deleted', message: 'a person deleted this agent' },
};

const ENDS_STAY: ReadonlySet<string> = new Set(DEPARTURES);

const isWhy = (word: unknown): word is Why => typeof word === 'string' && Object.hasOwn(LAST_WORDS, word);

/** Null for an entry after which the agent stays. */
function lastWords({ type, data }: JournalEntry): LastWords | null {
  if (!ENDS_STAY.has(type)) return null;
  const why = [data['because'], type].find(isWhy);
  return why ? LAST_WORDS[why] : null;
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
