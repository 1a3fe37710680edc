import { agentContext, noteViolation, type Services } from '@xem/domain';
import type { Violation } from '@xem/mesh';
import type { LiveConnections } from './connections.ts';

/** Journals what an agent did that it must not do. A connection without a session is no project's business: it is logged. */
export async function onViolation(
  services: Services,
  connections: LiveConnections,
  { session, reason, count }: Violation,
): Promise<void> {
  const agent = session && services.fleet.find(session.agentId);
  services.log.warn('agent.protocol_violation', { agentId: session?.agentId ?? null, reason, count });
  if (!agent) return;
  const { agentId, projectId } = agent;
  connections.note(agentId, { code: 'protocol_violation', message: reason, at: services.clock.now() });
  await noteViolation(agentContext(services, { projectId, agentId }), { agentId, reason, count });
}
