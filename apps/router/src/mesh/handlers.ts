import { agentKeys, enroll, type Services } from '@xem/domain';
import type { RouterMeshHandlers } from '@xem/mesh';
import type { AgentId } from '@xem/protocol';
import type { Errands } from '../errands.ts';
import type { AllowList } from './allow-list.ts';
import type { LiveConnections } from './connections.ts';
import type { MeshContext } from './mesh-context.ts';
import { tellConflict } from './notices.ts';
import { onFrame } from './on-frame.ts';
import { onHello, type Opening } from './on-hello.ts';
import { onViolation } from './on-violation.ts';
import { tellPauses } from './pause-notices.ts';
import { tellRotation } from './rotations.ts';

interface Wiring {
  readonly services: Services;
  readonly allowList: AllowList;
  readonly connections: LiveConnections;
  readonly errands: Errands;
  /** There once the sockets are bound; no session opens before. */
  readonly context: () => MeshContext;
  readonly framed?: (kind: string) => void;
  /** The mesh cannot go on: the process ends. */
  readonly fatal: (error: Error) => void;
}

/** What the router does with what its agents send. */
export function meshHandlers({
  services,
  allowList,
  connections,
  errands,
  context,
  framed,
  fatal,
}: Wiring): RouterMeshHandlers {
  const arrivals = new Map<AgentId, Opening>();
  return {
    enroll: async (request) => {
      const { answer, admitted } = await enroll(services, request);
      if (admitted) await allowList.refresh(admitted.id);
      return answer;
    },
    agentKeys: (agentId) => agentKeys(services, agentId),
    welcome: async (received) => {
      const opening = await onHello(services, received);
      if ('refused' in opening) return opening;
      arrivals.set(received.agentId, opening);
      return opening.draft;
    },
    opened: ({ agentId, name, epoch }) => {
      const opening = arrivals.get(agentId);
      if (opening?.session !== name) return;
      arrivals.delete(agentId);
      // Who was put out since its welcome is not let back in here: its first frame ends the session.
      if (!services.fleet.connect(agentId, { epoch, session: name })) return;
      context().strays.note(name, opening.strays);
      tellPauses(context(), agentId);
      context().renewed(agentId);
      if (!services.fleet.isOnline(agentId)) {
        errands.run('conflict.tell', () => tellConflict(context(), agentId));
      }
      if (opening.isRotating) errands.run('rotation.tell', () => tellRotation(context(), agentId));
    },
    frame: (session, frame) => {
      framed?.(frame.kind);
      onFrame(context(), session, frame);
    },
    closed: ({ agentId, name }, end) => {
      services.log.info('agent.session_closed', { agentId, end });
      services.fleet.disconnect(agentId, name);
      context().strays.forget(name);
    },
    violation: (violation) =>
      errands.run('violation.note', () => onViolation(services, connections, violation)),
    fatal,
  };
}
