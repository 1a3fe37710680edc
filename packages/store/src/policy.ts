import type { PolicyId, ProjectId, WorkspaceId } from '@xem/protocol';
import type { PolicyRecord } from './record/approval.ts';
import type { Slice } from './store.ts';

/** Reads of approval policies. */
export interface PolicyReader {
  /** The newest version of the workspace's policy when it has one, else of the project's; null asks for the project's own. */
  inForce(projectId: ProjectId, workspaceId: WorkspaceId | null): Promise<PolicyRecord | null>;
  /** The newest version of the policy of exactly this place, that of a deleted one too. */
  newest(projectId: ProjectId, workspaceId: WorkspaceId | null): Promise<PolicyRecord | null>;
  get(projectId: ProjectId, id: PolicyId, version: number): Promise<PolicyRecord | null>;
  /** The newest version of a policy, that of a deleted one too. */
  latest(projectId: ProjectId, id: PolicyId): Promise<PolicyRecord | null>;
  /** The newest versions of the policies that are not deleted. */
  list(projectId: ProjectId, slice: Slice): Promise<readonly PolicyRecord[]>;
  /** Versions of a policy below one, newest first. */
  versions(
    projectId: ProjectId,
    id: PolicyId,
    slice: { readonly limit: number; readonly below: number },
  ): Promise<readonly PolicyRecord[]>;
}

/** The same within a transaction, and writes: versions are added, never changed. */
export interface PolicyWriter extends PolicyReader {
  insert(row: PolicyRecord): Promise<void>;
}
