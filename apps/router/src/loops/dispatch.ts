import { fillSlots, systemContext, type Services } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import {
  PROTOCOL_VERSION,
  type AgentId,
  type ExecutionId,
  type JournalEntry,
  type ProjectId,
} from '@xem/protocol';
import type { Errands } from '../errands.ts';
import { startLoop, type Loop } from './loop.ts';
import { sendAgain, sendFresh } from './send-order.ts';

/** An order whose accept is not seen within this time is sent once more: the agent's journal keeps it from running twice. */
const RESEND_AFTER_MS = 5000;
const RESEND_EVERY_MS = 1000;

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

interface Dispatch extends DispatchParts {
  /** Orders that were sent and not answered yet, with the monotonic time of sending. */
  readonly unanswered: Map<ExecutionId, number>;
  /** Agents that are being offered work; the flag says that they became free once more meanwhile. */
  readonly offering: Map<AgentId, boolean>;
}

async function fill({ services }: Dispatch, agentId: AgentId): Promise<void> {
  const agent = services.fleet.find(agentId);
  if (!agent) return;
  try {
    await fillSlots(systemContext(services, agent.projectId), agentId);
  } catch (err) {
    services.log.error('dispatch.failed', { agentId, err });
  }
}

async function fillWhileFree(dispatch: Dispatch, agentId: AgentId): Promise<void> {
  const { offering } = dispatch;
  do {
    offering.set(agentId, false);
    await fill(dispatch, agentId);
  } while (offering.get(agentId));
  offering.delete(agentId);
}

/** One offer to an agent at a time; what comes in between is taken up by one more round. */
function offer(dispatch: Dispatch, agentId: AgentId): void {
  const { offering, errands } = dispatch;
  if (offering.has(agentId)) offering.set(agentId, true);
  else errands.run('dispatch.offer', () => fillWhileFree(dispatch, agentId));
}

function offerToProject(dispatch: Dispatch, projectId: ProjectId): void {
  for (const agent of dispatch.services.fleet.all()) {
    if (agent.projectId === projectId) offer(dispatch, agent.agentId);
  }
}

async function stopAttempt(
  { services, mesh }: Dispatch,
  executionId: ExecutionId,
  reason: string,
): Promise<void> {
  const execution = await services.store.read.executions.find(executionId);
  const session = execution && services.fleet.find(execution.agentId)?.session;
  if (!session) return;
  const key = { execution_id: executionId, attempt: execution.attempt };
  mesh.send(session, { kind: 'cancel', body: { v: PROTOCOL_VERSION, ...key, reason } });
}

/** Gives the slot of an attempt back that has ended, and offers it. */
function free(dispatch: Dispatch, { refs }: JournalEntry): void {
  if (!refs.agent_id || !refs.execution_id) return;
  dispatch.unanswered.delete(refs.execution_id);
  dispatch.services.fleet.release(refs.agent_id, refs.execution_id);
  offer(dispatch, refs.agent_id);
}

function sendOrder({ services, mesh, errands, unanswered }: Dispatch, executionId: ExecutionId): void {
  unanswered.set(executionId, services.clock.monotonic());
  if (sendFresh(services, mesh, executionId)) return;
  errands.run('dispatch.send', () => sendAgain(services, mesh, executionId));
}

const STOPS: ReadonlySet<string> = new Set([
  'invocation.cancel_requested',
  'invocation.cancelled',
  'invocation.timeout',
]);

function carryOut(dispatch: Dispatch, entry: JournalEntry): void {
  const executionId = entry.refs.execution_id;
  if (entry.type === 'execution.ended' || entry.type === 'execution.refused') return free(dispatch, entry);
  if (!executionId) return;
  if (entry.type === 'invocation.dispatched') sendOrder(dispatch, executionId);
  if (entry.type === 'invocation.started') dispatch.unanswered.delete(executionId);
  if (STOPS.has(entry.type)) {
    dispatch.errands.run('dispatch.stop', () => stopAttempt(dispatch, executionId, entry.type));
  }
}

/** Projects in which a call was queued and not given to anybody in the same commit. */
function waitingProjects(entries: readonly JournalEntry[]): ReadonlySet<ProjectId> {
  const given = new Set(
    entries.filter(({ type }) => type === 'invocation.dispatched').map(({ subject }) => subject.id),
  );
  const queued = entries.filter(
    ({ type, subject }) => type === 'invocation.queued' && !given.has(subject.id),
  );
  return new Set(queued.map(({ project_id }) => project_id));
}

async function resend({ services, mesh, unanswered }: Dispatch): Promise<void> {
  const now = services.clock.monotonic();
  for (const [executionId, sentAt] of unanswered) {
    if (now - sentAt < RESEND_AFTER_MS) continue;
    const execution = await services.store.read.executions.find(executionId);
    if (execution?.status === 'dispatched') {
      unanswered.set(executionId, now);
      await sendAgain(services, mesh, executionId);
    } else {
      unanswered.delete(executionId);
    }
  }
}

/** Starts the dispatcher: it listens to commits, never to handlers. */
export function startDispatch(parts: DispatchParts): Dispatcher {
  const dispatch: Dispatch = { ...parts, unanswered: new Map(), offering: new Map() };
  const { services } = parts;
  const unsubscribe = services.store.onCommit((entries) => {
    for (const entry of entries) carryOut(dispatch, entry);
    for (const projectId of waitingProjects(entries)) offerToProject(dispatch, projectId);
  });
  const { clock, log } = services;
  const unfollow = services.fleet.onUncontested((agentId) => offer(dispatch, agentId));
  const loop = startLoop({ name: 'resend', everyMs: RESEND_EVERY_MS, clock, log }, () => resend(dispatch));
  return {
    offer: (agentId) => offer(dispatch, agentId),
    stop: async () => {
      unsubscribe();
      unfollow();
      await loop.stop();
    },
  };
}
