import type { ProjectId, WorkspaceId } from '@xem/protocol';
import type { PolicyRecord, Store } from '@xem/store';
import { policyInForce } from './rules.ts';

/** The policies in force, in memory, for everything that asks at every call. What a decision is judged by is read from the store. */
export interface Policies {
  /** The policy of a workspace, or of the project as a whole, as it was last committed. @throws Error when there is none */
  inForce(projectId: ProjectId, workspaceId: WorkspaceId): Promise<PolicyRecord>;
}

/** Remembers what was asked for until the next change of any policy. */
export function createPolicies({ read, onCommit }: Pick<Store, 'read' | 'onCommit'>): Policies {
  let known = new Map<WorkspaceId, PolicyRecord>();
  onCommit((entries) => {
    if (entries.some(({ type }) => type.startsWith('policy.'))) known = new Map();
  });
  return {
    inForce: async (projectId, workspaceId) => {
      const found = known.get(workspaceId);
      if (found?.projectId === projectId) return found;
      const memory = known;
      const policy = await policyInForce(read.policies, { projectId, workspaceId });
      memory.set(workspaceId, policy);
      return policy;
    },
  };
}
