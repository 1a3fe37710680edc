import {
  type OutputLimits,
  type OutputWindow,
  type ProjectContext,
  type Services,
  agentContext,
} from '@xem/domain';
import type { MeshSession, RouterMesh } from '@xem/mesh';
import type { AgentId, ExecutionId } from '@xem/protocol';
import type { Errands } from '../errands.ts';
import type { Accepts } from './accepts.ts';
import type { AllowList } from './allow-list.ts';
import type { Gaps } from './gaps.ts';
import type { Sequence } from './sequence.ts';
import type { Strays } from './strays.ts';

/** What the handlers of frames share. */
export interface MeshContext {
  readonly services: Services;
  readonly mesh: RouterMesh;
  /** Frames about one attempt are handled in their order. */
  readonly attempts: Sequence<ExecutionId>;
  readonly errands: Errands;
  readonly accepts: Accepts;
  readonly allowList: AllowList;
  readonly outputWindow: OutputWindow;
  readonly outputLimits: OutputLimits;
  readonly gaps: Gaps;
  readonly strays: Strays;
  /** Tells the dispatcher that an agent may have room now. */
  readonly renewed: (agentId: AgentId) => void;
}

/** A frame's session, with the context its agent acts in; null once the agent has left the fleet. */
export function contextOf({ services }: MeshContext, { agentId }: MeshSession): ProjectContext | null {
  const agent = services.fleet.find(agentId);
  return agent && agentContext(services, { projectId: agent.projectId, agentId });
}
