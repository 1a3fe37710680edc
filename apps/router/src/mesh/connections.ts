import type { ConnectionError, Connections } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import type { AgentId } from '@xem/protocol';

/** What the mesh knows of connections, once it is open. */
export interface LiveConnections extends Connections {
  follow(mesh: RouterMesh): void;
  note(agentId: AgentId, error: ConnectionError): void;
}

/** Connections of a mesh that is not open yet. */
export function createConnections(): LiveConnections {
  const errors = new Map<AgentId, ConnectionError>();
  let followed: RouterMesh | null = null;
  return {
    follow: (mesh) => void (followed = mesh),
    note: (agentId, error) => void errors.set(agentId, error),
    stats: (session) => followed?.stats(session) ?? null,
    lastErrorOf: (agentId) => errors.get(agentId) ?? null,
  };
}
