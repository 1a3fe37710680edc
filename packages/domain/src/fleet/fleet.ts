import type { AgentId, ExecutionId, ProjectId } from '@xem/protocol';

/** An agent whose lease holds: what dispatch needs to know of it, in memory. */
export interface LiveAgent {
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly epoch: number;
  readonly journalId: string;
  /** The session frames are sent on; null between a lost connection and the end of the lease. */
  readonly session: string | null;
  readonly slots: number;
  /** Attempts that hold a slot. */
  readonly inFlight: ReadonlySet<ExecutionId>;
  /** Takes no new work until it renews its lease: it refused an order for now. */
  readonly held: boolean;
  /** Milliseconds of the monotonic clock at which the lease ends. */
  readonly leaseEndsAt: number;
  readonly lastRenewalAt: number;
  readonly roundTripMs: number | null;
}

/** What a welcome says of an agent; without a session, what the store says of one at the start of the router. */
export interface Arrival {
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly epoch: number;
  readonly journalId: string;
  readonly session: string | null;
  readonly slots: number;
  readonly inFlight: Iterable<ExecutionId>;
  readonly leaseEndsAt: number;
  readonly lastRenewalAt: number;
}

/** What a renewal tells. */
export interface Renewal {
  readonly slots: number;
  readonly leaseEndsAt: number;
  readonly lastRenewalAt: number;
  readonly roundTripMs: number | null;
}

/**
 * Agents whose lease holds. Memory only: it is made again from the store and from hellos after a restart, and
 * changed only after a commit, but for slots, which are taken before it and given back when it fails.
 */
export interface Fleet {
  find(agentId: AgentId): LiveAgent | null;
  all(): Iterable<LiveAgent>;
  arrive(arrival: Arrival): void;
  /** The connection is gone; the lease goes on. Nothing happens when the agent is on another session by now. */
  disconnect(agentId: AgentId, session: string): void;
  renew(agentId: AgentId, renewal: Renewal): void;
  hold(agentId: AgentId, held: boolean): void;
  /** Lets no lease end before `leaseEndsAt`: after a stall nobody is judged by time that nobody saw pass. */
  extendLeases(leaseEndsAt: number): void;
  /** The lease is over, or the agent may not come back. */
  depart(agentId: AgentId): void;
  /** Agents with a session and a free slot, the least loaded first. */
  free(among: Iterable<AgentId>): readonly LiveAgent[];
  /** Takes a slot for an attempt. False when there is none. */
  take(agentId: AgentId, executionId: ExecutionId): boolean;
  /** Gives a slot back. Nothing happens when the attempt held none. */
  release(agentId: AgentId, executionId: ExecutionId): void;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Entry = Mutable<Omit<LiveAgent, 'inFlight'>> & { inFlight: Set<ExecutionId> };

const hasRoom = (agent: LiveAgent): boolean =>
  agent.session !== null && !agent.held && agent.inFlight.size < agent.slots;

const byLoad = (a: LiveAgent, b: LiveAgent): number => a.inFlight.size / a.slots - b.inFlight.size / b.slots;

/** An empty fleet. */
export function createFleet(): Fleet {
  const agents = new Map<AgentId, Entry>();
  const change = (agentId: AgentId, apply: (entry: Entry) => void): void => {
    const entry = agents.get(agentId);
    if (entry) apply(entry);
  };
  return {
    find: (agentId) => agents.get(agentId) ?? null,
    all: () => agents.values(),
    arrive: ({ inFlight, ...arrival }) => {
      const entry = { ...arrival, held: false, roundTripMs: null, inFlight: new Set(inFlight) };
      agents.set(arrival.agentId, entry);
    },
    disconnect: (agentId, session) =>
      change(agentId, (entry) => {
        if (entry.session === session) entry.session = null;
      }),
    renew: (agentId, renewal) => change(agentId, (entry) => void Object.assign(entry, renewal)),
    hold: (agentId, held) => change(agentId, (entry) => void (entry.held = held)),
    extendLeases: (leaseEndsAt) => {
      for (const entry of agents.values()) entry.leaseEndsAt = Math.max(entry.leaseEndsAt, leaseEndsAt);
    },
    depart: (agentId) => void agents.delete(agentId),
    free: (among) =>
      [...among]
        .flatMap((agentId) => agents.get(agentId) ?? [])
        .filter(hasRoom)
        .toSorted(byLoad),
    take: (agentId, executionId) => {
      const entry = agents.get(agentId);
      if (!entry || !hasRoom(entry)) return false;
      entry.inFlight.add(executionId);
      return true;
    },
    release: (agentId, executionId) => void agents.get(agentId)?.inFlight.delete(executionId),
  };
}
