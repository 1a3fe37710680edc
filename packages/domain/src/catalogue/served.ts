import type { AgentId, WorkspaceId } from '@xem/protocol';

interface Bond {
  readonly workspaceId: WorkspaceId;
  readonly agentId: AgentId;
}

/** Which workspaces each agent serves. */
export interface Served {
  bind(bond: Bond): void;
  unbind(bond: Bond): void;
  forget(agentId: AgentId): void;
  /** The manifest of an agent is another one now. */
  renew(agentId: AgentId): void;
  of(agentId: AgentId): ReadonlySet<WorkspaceId>;
  /** Whether the router binds it, whatever the manifest names. */
  isBound(bond: Bond): boolean;
}

/** Serves what is bound and what `namedBy` an agent's manifest; nothing is bound at first. */
export function createServed(namedBy: (agentId: AgentId) => readonly WorkspaceId[]): Served {
  const bindings = new Map<AgentId, Set<WorkspaceId>>();
  const known = new Map<AgentId, ReadonlySet<WorkspaceId>>();
  const find = (agentId: AgentId): ReadonlySet<WorkspaceId> => {
    const bound = bindings.get(agentId);
    const served = new Set(bound && namedBy(agentId).filter((id) => bound.has(id)));
    known.set(agentId, served);
    return served;
  };
  return {
    bind: ({ agentId, workspaceId }) => {
      bindings.set(agentId, (bindings.get(agentId) ?? new Set()).add(workspaceId));
      known.delete(agentId);
    },
    unbind: ({ agentId, workspaceId }) => {
      bindings.get(agentId)?.delete(workspaceId);
      known.delete(agentId);
    },
    forget: (agentId) => {
      bindings.delete(agentId);
      known.delete(agentId);
    },
    renew: (agentId) => void known.delete(agentId),
    of: (agentId) => known.get(agentId) ?? find(agentId),
    isBound: ({ agentId, workspaceId }) => bindings.get(agentId)?.has(workspaceId) ?? false,
  };
}
