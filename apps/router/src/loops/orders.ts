import type { Services } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import { PROTOCOL_VERSION, type AgentId, type ExecutionId } from '@xem/protocol';
import type { Errands } from '../errands.ts';
import { sendAgain, sendFresh } from './send-order.ts';

/** An order whose accept is not seen within this time is sent once more: the agent's journal keeps it from running twice. */
const RESEND_AFTER_MS = 5000;

/** An attempt and its agent. */
export interface Addressed {
  readonly executionId: ExecutionId;
  readonly agentId: AgentId;
}

/** Orders and stops on their way to agents, until they are answered. */
export interface Orders {
  /** Sends the order of an attempt that was given out. */
  readonly send: (attempt: Addressed) => void;
  /** The agent took the order, or it is of no account any more. */
  readonly answered: (executionId: ExecutionId) => void;
  /** Tells the agent to stop an attempt. */
  readonly stop: (attempt: Addressed, reason: string) => void;
  /** Sends again what was not answered or found no room; gives agents work again that have read what they were sent. */
  readonly review: () => Promise<void>;
}

interface OrderParts {
  readonly services: Services;
  readonly mesh: RouterMesh;
  readonly errands: Errands;
  /** An agent takes work again. */
  readonly freed: (agentId: AgentId) => void;
}

interface Desk extends OrderParts {
  /** Orders that were sent and not answered yet, with the monotonic time of sending. */
  readonly unanswered: Map<ExecutionId, number>;
  /** Agents that do not read what they are sent, with the session they do not read. */
  readonly slow: Map<AgentId, string>;
  /** Stops that found no room. */
  readonly unsaid: Map<ExecutionId, string>;
}

/** An agent that has no room for a frame gets no new work before it has read what it was sent. */
function noteSlow({ services, slow }: Desk, agentId: AgentId): void {
  const session = services.fleet.find(agentId)?.session;
  if (!session) return;
  slow.set(agentId, session);
  services.fleet.hold(agentId, 'slow');
  services.log.warn('agent.slow', { agentId });
}

function sendOrder(desk: Desk, { executionId, agentId }: Addressed): void {
  const { services, mesh, errands, unanswered } = desk;
  unanswered.set(executionId, services.clock.monotonic());
  const outcome = sendFresh(services, mesh, executionId);
  if (outcome === 'full') noteSlow(desk, agentId);
  else if (outcome === null) errands.run('dispatch.send', () => sendOnceMore(desk, { executionId, agentId }));
}

async function sendOnceMore(desk: Desk, { executionId, agentId }: Addressed): Promise<void> {
  if ((await sendAgain(desk.services, desk.mesh, executionId)) === 'full') noteSlow(desk, agentId);
}

async function stopAttempt(desk: Desk, executionId: ExecutionId, reason: string): Promise<void> {
  const { services, mesh, unsaid } = desk;
  unsaid.delete(executionId);
  const execution = await services.store.read.executions.find(executionId);
  const session = execution && services.fleet.find(execution.agentId)?.session;
  const hasReported = execution?.stdout !== null;
  if (!session || hasReported) return;
  const { agentId, attempt } = execution;
  const key = { execution_id: executionId, attempt };
  if (mesh.send(session, { kind: 'cancel', body: { v: PROTOCOL_VERSION, ...key, reason } }) !== 'full')
    return;
  unsaid.set(executionId, reason);
  noteSlow(desk, agentId);
}

async function resend(desk: Desk): Promise<void> {
  const { services, unanswered } = desk;
  const now = services.clock.monotonic();
  for (const [executionId, sentAt] of unanswered) {
    if (now - sentAt < RESEND_AFTER_MS) continue;
    const execution = await services.store.read.executions.find(executionId);
    if (execution?.status === 'dispatched') {
      unanswered.set(executionId, now);
      await sendOnceMore(desk, { executionId, agentId: execution.agentId });
    } else {
      unanswered.delete(executionId);
    }
  }
}

/** A session that is gone takes its slowness with it: the agent comes back without a hold. */
function reviewSlow({ services, mesh, slow, freed }: Desk): void {
  for (const [agentId, session] of slow) {
    const behind = mesh.stats(session)?.queuedBytes ?? 0;
    if (behind > 0) continue;
    slow.delete(agentId);
    if (services.fleet.find(agentId)?.session !== session) continue;
    services.fleet.unhold(agentId, 'slow');
    freed(agentId);
  }
}

/** Nothing is on its way. */
export function createOrders(parts: OrderParts): Orders {
  const desk: Desk = { ...parts, unanswered: new Map(), slow: new Map(), unsaid: new Map() };
  return {
    send: (attempt) => sendOrder(desk, attempt),
    answered: (executionId) => void desk.unanswered.delete(executionId),
    stop: ({ executionId }, reason) =>
      parts.errands.run('dispatch.stop', () => stopAttempt(desk, executionId, reason)),
    review: async () => {
      reviewSlow(desk);
      await resend(desk);
      for (const [executionId, reason] of desk.unsaid) await stopAttempt(desk, executionId, reason);
    },
  };
}
