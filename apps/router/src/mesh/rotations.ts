import type { Services } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import { PROTOCOL_VERSION, type AgentId, type JournalEntry } from '@xem/protocol';
import type { Errands } from '../errands.ts';

interface Rotating {
  readonly services: Services;
  readonly mesh: RouterMesh;
  readonly errands: Errands;
}

/** Tells an agent where the change of its key stands: that it shall make one, or that the one it made is admitted. */
export async function tellRotation(
  { services, mesh }: Pick<Rotating, 'services' | 'mesh'>,
  agentId: AgentId,
): Promise<void> {
  const agent = await services.store.read.agents.find(agentId);
  const session = services.fleet.find(agentId)?.session;
  if (!agent?.rotation || !session) return;
  const { id, curveKey } = agent.rotation;
  const kind = curveKey === null ? 'rotate_curve' : 'rotate_commit';
  mesh.send(session, { kind, body: { v: PROTOCOL_VERSION, rotation_id: id } });
}

/** Listens for changes of keys that begin. Returns what stops it. */
export function startRotations(rotating: Rotating): () => void {
  const { services, errands } = rotating;
  const tell = ({ type, refs }: JournalEntry): void => {
    const agentId = refs.agent_id;
    if (agentId && type === 'agent.key_rotation_started')
      errands.run('rotation.tell', () => tellRotation(rotating, agentId));
  };
  return services.store.onCommit((entries) => entries.forEach(tell));
}
