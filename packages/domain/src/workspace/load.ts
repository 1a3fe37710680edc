import { ExecError } from '@xem/errors';
import type { WorkspaceId } from '@xem/protocol';
import type { WorkspaceReader, WorkspaceRecord } from '@xem/store';
import type { Origin } from '../context.ts';

/** The row of a workspace of the project. @throws ExecError workspace_not_found, another project's id too */
export async function loadWorkspace(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: WorkspaceReader,
  id: WorkspaceId,
): Promise<WorkspaceRecord> {
  const row = await rows.get(projectId, id);
  if (row) return row;
  throw new ExecError('workspace_not_found', `the project has no workspace ${id}`);
}
