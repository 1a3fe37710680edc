import { curveFingerprint } from '@xem/mesh/fingerprint';
import { agentMachine, type EntryData } from '@xem/protocol';
import { toTimestampOrNull } from '@xem/runtime';
import type { AgentConflict, AgentRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { Services } from '../context.ts';
import type { Fact } from '../mutate.ts';
import { agentFact } from './facts.ts';
import { hasLease } from './has-lease.ts';
import { lastSeenOf } from './last-seen.ts';

/** What is said of the end of a conflict, before it is known how the one that is kept stands. */
type Ending = Omit<EntryData<'agent.conflict_resolved'>, 'status'>;

type Memory = Pick<Services, 'fleet' | 'clock'>;

/** Two agents that hold one name, each with keys of its own. */
export interface Rivals {
  readonly incumbent: AgentRecord;
  readonly challenger: AgentRecord;
}

/** Who enrolled first is the incumbent; of two in one millisecond, the lower id. */
export function rank(one: AgentRecord, other: AgentRecord): Rivals {
  const first = one.enrolledAt - other.enrolledAt || (one.id < other.id ? -1 : 1);
  return first < 0 ? { incumbent: one, challenger: other } : { incumbent: other, challenger: one };
}

/** The other holder of a name who is here, and with whom an agent that comes now would share it. */
export async function rivalOf(
  tx: WriteTx,
  { id, projectId, registrationName }: AgentRecord,
): Promise<AgentRecord | null> {
  const holders = await tx.agents.holdersOf(projectId, registrationName);
  return holders.find((holder) => holder.id !== id && holder.status === 'online') ?? null;
}

interface Contested {
  readonly agent: AgentRecord;
  readonly conflict: AgentConflict;
}

async function contest(memory: Memory, tx: WriteTx, { agent, conflict }: Contested): Promise<Fact> {
  const row = await tx.agents.save({ ...advance(agentMachine, agent, 'clash'), conflict });
  return agentFact('agent.conflict', row.id, {
    registration_name: row.registrationName,
    role: conflict.role,
    with: conflict.with,
    curve_fingerprint: curveFingerprint(row.curveKey),
    source_address: row.sourceAddress,
    last_seen_at: toTimestampOrNull(lastSeenOf(memory, row)),
  });
}

/** Two agents are online under one name: neither gets new work until a person says which of them has it. */
export async function clash(
  memory: Memory,
  tx: WriteTx,
  { incumbent, challenger }: Rivals,
): Promise<readonly Fact[]> {
  const since = memory.clock.now();
  const first = { role: 'incumbent', with: challenger.id, since } as const;
  const second = { role: 'challenger', with: incumbent.id, since } as const;
  return [
    await contest(memory, tx, { agent: incumbent, conflict: first }),
    await contest(memory, tx, { agent: challenger, conflict: second }),
  ];
}

/** The conflict is over and this agent has the name: it is online or offline again, as its lease says. */
export async function release(
  { fleet, clock }: Memory,
  tx: WriteTx,
  { agent, because }: { readonly agent: AgentRecord; readonly because: Ending },
): Promise<Fact> {
  const offline = { ...advance(agentMachine, agent, 'resolve'), conflict: null };
  const row = hasLease(fleet.find(agent.id), clock) ? advance(agentMachine, offline, 'connect') : offline;
  await tx.agents.save(row);
  return agentFact('agent.conflict_resolved', agent.id, { ...because, status: row.status });
}
