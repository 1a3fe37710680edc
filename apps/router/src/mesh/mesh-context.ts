import { agentContext, lapseAttempts, type ProjectContext, type Services } from '@xem/domain';
import type { MeshSession, RouterMesh } from '@xem/mesh';
import type { AgentId, ExecutionId } from '@xem/protocol';
import type { AgentRecord } from '@xem/store';
import type { Errands } from '../errands.ts';
import type { OutputWindow } from './output-window.ts';
import type { Sequence } from './sequence.ts';

/** What the handlers of frames share. */
export interface MeshContext {
  readonly services: Services;
  readonly mesh: RouterMesh;
  /** Frames about one attempt are handled in their order. */
  readonly attempts: Sequence<ExecutionId>;
  readonly errands: Errands;
  readonly outputWindow: OutputWindow;
  /** Tells the dispatcher that an agent may have room now. */
  readonly renewed: (agentId: AgentId) => void;
}

/** A frame's session, with the context its agent acts in; null once the agent has left the fleet. */
export function contextOf({ services }: MeshContext, { agentId }: MeshSession): ProjectContext | null {
  const agent = services.fleet.find(agentId);
  return agent && agentContext(services, { projectId: agent.projectId, agentId });
}

/** Ends the session of an agent that may connect no more; what it ran waits for its grace, and is then given up. */
export async function dismiss({ services, mesh }: MeshContext, agent: AgentRecord): Promise<void> {
  const session = mesh.sessionOf(agent.id);
  if (session)
    mesh.close(session.name, { code: 'retired', message: 'another agent took the place of this one' });
  await lapseAttempts(agentContext(services, { projectId: agent.projectId, agentId: agent.id }), agent.id);
}
