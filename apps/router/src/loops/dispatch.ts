import type { Services } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import { InvocationId, type AgentId, type JournalEntry } from '@xem/protocol';
import type { Errands } from '../errands.ts';
import { startLoop, type Loop } from './loop.ts';
import { startOffers, type Offers } from './offers.ts';
import { createOrders, type Addressed, type Orders } from './orders.ts';

const REVIEW_EVERY_MS = 1000;

/** The dispatcher: it carries out what the journal says, and finds its work again after a crash. */
export interface Dispatcher extends Loop {
  /** Gives waiting calls to an agent that has become free. */
  readonly offer: (agentId: AgentId) => void;
}

interface DispatchParts {
  readonly services: Services;
  readonly mesh: RouterMesh;
  readonly errands: Errands;
}

interface Dispatch {
  readonly services: Services;
  readonly offers: Offers;
  readonly orders: Orders;
}

function addressedIn({ refs }: JournalEntry): Addressed | null {
  const { execution_id: executionId, agent_id: agentId } = refs;
  return executionId && agentId ? { executionId, agentId } : null;
}

/** Gives the slot and the place of an attempt back that has ended, and offers them. */
function free({ services, offers, orders }: Dispatch, { executionId, agentId }: Addressed): void {
  orders.answered(executionId);
  services.fleet.release(agentId, executionId);
  services.occupancy.release(executionId);
  offers.toAgent(agentId);
}

/** What is to be done about an attempt once an entry of a type is committed. */
const EFFECTS: Readonly<
  Record<string, (dispatch: Dispatch, attempt: Addressed, entry: JournalEntry) => void>
> = {
  'execution.ended': free,
  'execution.refused': free,
  'invocation.dispatched': ({ orders }, attempt) => orders.send(attempt),
  'invocation.started': ({ orders }, { executionId }) => orders.answered(executionId),
  'invocation.cancel_requested': ({ orders }, attempt, { type }) => orders.stop(attempt, type),
  'invocation.timeout': ({ orders }, attempt, { type }) => orders.stop(attempt, type),
};

function carryOut(dispatch: Dispatch, entry: JournalEntry): void {
  const effect = EFFECTS[entry.type];
  const attempt = effect && addressedIn(entry);
  if (attempt) effect(dispatch, attempt, entry);
}

/** Finds agents for calls that were queued and not given to anybody in the same commit. */
function place({ offers }: Dispatch, entries: readonly JournalEntry[]): void {
  const queued = entries.filter(({ type }) => type === 'invocation.queued');
  if (queued.length === 0) return;
  const given = new Set(
    entries.filter(({ type }) => type === 'invocation.dispatched').map(({ subject }) => subject.id),
  );
  for (const { project_id: projectId, subject } of queued) {
    if (!given.has(subject.id)) offers.ofCall(projectId, InvocationId.parse(subject.id));
  }
}

/** Starts the dispatcher: it listens to commits, never to handlers. */
export function startDispatch({ services, mesh, errands }: DispatchParts): Dispatcher {
  const offers = startOffers({ services, errands });
  const orders = createOrders({ services, mesh, errands, freed: offers.toAgent });
  const dispatch: Dispatch = { services, offers, orders };
  const unsubscribe = services.store.onCommit((entries) => {
    for (const entry of entries) carryOut(dispatch, entry);
    place(dispatch, entries);
  });
  const { clock, log } = services;
  const unfollow = services.fleet.onUncontested(offers.toAgent);
  const loop = startLoop({ name: 'dispatch', everyMs: REVIEW_EVERY_MS, clock, log }, orders.review);
  return {
    offer: offers.toAgent,
    stop: async () => {
      unsubscribe();
      unfollow();
      offers.stop();
      await loop.stop();
    },
  };
}
