import type { Policy } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { AccessReader, PolicyRecord } from '@xem/store';
import type { ProjectContext } from '../context.ts';
import { findWarnings } from './answerable.ts';
import { toMembers } from './members.ts';

/** A version of a policy as it travels. */
export const presentPolicy = (row: PolicyRecord, warnings: readonly string[] = []): Policy => ({
  object: 'approval_policy',
  id: row.id,
  project_id: row.projectId,
  workspace_id: row.workspaceId,
  version: row.version,
  ...toMembers(row.name, row.rules),
  retired: row.retired,
  warnings: [...warnings],
  created_by: row.createdBy,
  created_at: toTimestamp(row.createdAt),
});

/** Policies that stand, with what their people should know of them now. */
export async function describePolicies(
  ctx: ProjectContext,
  access: AccessReader,
  rows: readonly PolicyRecord[],
): Promise<readonly Policy[]> {
  const deciders = await access.deciders(ctx.projectId, ctx.clock.now());
  return rows.map((row) => presentPolicy(row, findWarnings(row, deciders)));
}
