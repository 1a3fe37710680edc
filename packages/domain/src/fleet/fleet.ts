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
  /** Two agents hold one name: each goes on with what it has and gets no new work, whether or not it is here now. */
  contest(agentId: AgentId, contested: boolean): void;
  /** Whether an agent holds its lease and its name, and so may be given work, now or later. */
  isOnline(agentId: AgentId): boolean;
  /** Slots an agent could be given work for at once. */
  roomOf(agentId: AgentId): number;
  /** Tells of agents whose name is theirs alone again. Returns what stops it. */
  onUncontested(listener: (agentId: AgentId) => void): () => void;
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

const roomIn = ({ session, held, slots, inFlight }: LiveAgent): number =>
  session === null || held ? 0 : Math.max(0, slots - inFlight.size);

const byLoad = (a: LiveAgent, b: LiveAgent): number => a.inFlight.size / a.slots - b.inFlight.size / b.slots;

/** An empty fleet. */
export function createFleet(): Fleet {
  const agents = new Map<AgentId, Entry>();
  const contested = new Set<AgentId>();
  const listeners = new Set<(agentId: AgentId) => void>();
  const change = (agentId: AgentId, apply: (entry: Entry) => void): void => {
    const entry = agents.get(agentId);
    if (entry) apply(entry);
  };
  const roomOf = (agentId: AgentId): number => {
    const entry = agents.get(agentId);
    return entry && !contested.has(agentId) ? roomIn(entry) : 0;
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
    contest: (agentId, isContested) => {
      if (isContested) contested.add(agentId);
      else if (contested.delete(agentId)) for (const listener of listeners) listener(agentId);
    },
    isOnline: (agentId) => agents.has(agentId) && !contested.has(agentId),
    roomOf,
    onUncontested: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    extendLeases: (leaseEndsAt) => {
      for (const entry of agents.values()) entry.leaseEndsAt = Math.max(entry.leaseEndsAt, leaseEndsAt);
    },
    depart: (agentId) => void agents.delete(agentId),
    free: (among) =>
      [...among]
        .filter((agentId) => roomOf(agentId) > 0)
        .flatMap((agentId) => agents.get(agentId) ?? [])
        .toSorted(byLoad),
    take: (agentId, executionId) => {
      const entry = agents.get(agentId);
      if (!entry || roomOf(agentId) === 0) return false;
      entry.inFlight.add(executionId);
      return true;
    },
    release: (agentId, executionId) => void agents.get(agentId)?.inFlight.delete(executionId),
  };
}
