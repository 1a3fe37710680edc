import type { AgentId, ExecutionId, ProjectId } from '@xem/protocol';
import { createEndedAttempts, type EndedAttempts } from './ended-attempts.ts';

/**
 * Why an agent takes no new work: it `refused` an order for now, it is `slow` to read what it was sent, or it has
 * another manifest by now, which is `unread`.
 */
export type Hold = 'refused' | 'slow' | 'unread';

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
  /** While there is any it takes no new work. */
  readonly holds: ReadonlySet<Hold>;
  /** Its free slots are being offered to calls that wait; newcomers do not overtake them. */
  readonly reserved: boolean;
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
  /**
   * The session of an epoch is open. False when the agent left meanwhile, or is in a later epoch. What ended while the
   * session opened has given its slot back, and stays so.
   */
  connect(agentId: AgentId, opened: Pick<Arrival, 'epoch' | 'session'>): boolean;
  /** The connection is gone; the lease goes on. Nothing happens when the agent is on another session by now. */
  disconnect(agentId: AgentId, session: string): void;
  renew(agentId: AgentId, renewal: Renewal): void;
  hold(agentId: AgentId, hold: Hold): void;
  unhold(agentId: AgentId, hold: Hold): void;
  reserve(agentId: AgentId, reserved: boolean): void;
  /** Two agents hold one name: each goes on with what it has and gets no new work, whether or not it is here now. */
  contest(agentId: AgentId, contested: boolean): void;
  /** Whether an agent holds its lease and its name, and so may be given work, now or later. */
  isOnline(agentId: AgentId): boolean;
  /** Tells of agents whose name is theirs alone again. Returns what stops it. */
  onUncontested(listener: (agentId: AgentId) => void): () => void;
  /** Lets no lease end before `leaseEndsAt`: after a stall nobody is judged by time that nobody saw pass. */
  extendLeases(leaseEndsAt: number): void;
  /** The lease is over, or the agent may not come back. */
  depart(agentId: AgentId): void;
  /** How many calls an agent can be given now. */
  roomOf(agentId: AgentId): number;
  /** Whether any agent of a project can be given a call now. */
  hasRoom(projectId: ProjectId): boolean;
  /**
   * Of those with a session and a free slot the least loaded one, and of several the one that was given something
   * longest ago. One that is reserved is left out for a newcomer.
   */
  pick(among: Iterable<AgentId>, newcomer: boolean): LiveAgent | null;
  /** Takes a slot for an attempt. False when there is none. */
  take(agentId: AgentId, executionId: ExecutionId): boolean;
  /** Gives a slot back. Nothing happens when the attempt held none. */
  release(agentId: AgentId, executionId: ExecutionId): void;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Entry = Mutable<Omit<LiveAgent, 'inFlight' | 'holds'>> & {
  readonly inFlight: Set<ExecutionId>;
  readonly holds: Set<Hold>;
  /** When it was given something last. */
  turn: number;
};

const roomIn = ({ session, holds, slots, inFlight }: LiveAgent): number =>
  session === null || holds.size > 0 ? 0 : Math.max(0, slots - inFlight.size);

/** Below zero when the first is to be preferred. */
const compareLoad = (a: Entry, b: Entry): number =>
  a.inFlight.size / a.slots - b.inFlight.size / b.slots || a.turn - b.turn;

const entryOf = ({ inFlight, ...arrival }: Arrival, ended: EndedAttempts): Entry => ({
  ...arrival,
  inFlight: new Set([...inFlight].filter((executionId) => !ended.has(executionId))),
  holds: new Set(),
  reserved: false,
  roundTripMs: null,
  turn: 0,
});

type Agents = Map<AgentId, Entry>;

/** Names that are contested. */
function createContests(agents: Agents) {
  const contested = new Set<AgentId>();
  const listeners = new Set<(agentId: AgentId) => void>();
  return {
    contest: (agentId: AgentId, isContested: boolean): void => {
      if (isContested) contested.add(agentId);
      else if (contested.delete(agentId)) for (const listener of listeners) listener(agentId);
    },
    isOnline: (agentId: AgentId): boolean => agents.has(agentId) && !contested.has(agentId),
    onUncontested: (listener: (agentId: AgentId) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Slots, and who has one to give. */
function createSlots(agents: Agents, ended: EndedAttempts, isOnline: Fleet['isOnline']) {
  let turns = 0;
  const roomOf = (agentId: AgentId): number => {
    const entry = agents.get(agentId);
    return entry && isOnline(agentId) ? roomIn(entry) : 0;
  };
  return {
    roomOf,
    hasRoom: (projectId: ProjectId): boolean => {
      for (const entry of agents.values())
        if (entry.projectId === projectId && roomOf(entry.agentId) > 0) return true;
      return false;
    },
    pick: (among: Iterable<AgentId>, newcomer: boolean): LiveAgent | null => {
      let best: Entry | null = null;
      for (const agentId of among) {
        const entry = agents.get(agentId);
        if (!entry || roomOf(agentId) === 0 || (newcomer && entry.reserved)) continue;
        if (best === null || compareLoad(entry, best) < 0) best = entry;
      }
      return best;
    },
    take: (agentId: AgentId, executionId: ExecutionId): boolean => {
      const entry = agents.get(agentId);
      if (!entry || roomOf(agentId) === 0) return false;
      entry.inFlight.add(executionId);
      turns += 1;
      entry.turn = turns;
      return true;
    },
    release: (agentId: AgentId, executionId: ExecutionId): void => {
      const entry = agents.get(agentId);
      entry?.inFlight.delete(executionId);
      if (typeof entry?.session !== 'string') ended.note(executionId);
    },
  };
}

/** An empty fleet. */
export function createFleet(): Fleet {
  const agents: Agents = new Map();
  const contests = createContests(agents);
  const ended = createEndedAttempts();
  const change = (agentId: AgentId, apply: (entry: Entry) => void): void => {
    const entry = agents.get(agentId);
    if (entry) apply(entry);
  };
  return {
    ...contests,
    ...createSlots(agents, ended, contests.isOnline),
    find: (agentId) => agents.get(agentId) ?? null,
    all: () => agents.values(),
    arrive: (arrival) => void agents.set(arrival.agentId, entryOf(arrival, ended)),
    connect: (agentId, { epoch, session }) => {
      const entry = agents.get(agentId);
      if (entry?.epoch !== epoch) return false;
      entry.session = session;
      return true;
    },
    disconnect: (agentId, session) =>
      change(agentId, (entry) => {
        if (entry.session === session) entry.session = null;
      }),
    renew: (agentId, renewal) => change(agentId, (entry) => void Object.assign(entry, renewal)),
    hold: (agentId, hold) => change(agentId, (entry) => void entry.holds.add(hold)),
    unhold: (agentId, hold) => change(agentId, (entry) => void entry.holds.delete(hold)),
    reserve: (agentId, reserved) => change(agentId, (entry) => void (entry.reserved = reserved)),
    extendLeases: (leaseEndsAt) => {
      for (const entry of agents.values()) entry.leaseEndsAt = Math.max(entry.leaseEndsAt, leaseEndsAt);
    },
    depart: (agentId) => void agents.delete(agentId),
  };
}
