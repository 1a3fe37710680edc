import type { Project } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { AccessReader, ProjectRecord } from '@xem/store';
import type { Origin } from '../context.ts';

/** The caller's own project. @throws Error when it is not there */
export async function loadProject(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: AccessReader,
): Promise<ProjectRecord> {
  const row = await rows.project(projectId);
  if (!row) throw new Error(`there is no project ${projectId}`);
  return row;
}

/** A project as it travels. */
export const presentProject = ({ id, slug, name, paused, createdAt }: ProjectRecord): Project => ({
  object: 'project',
  id,
  slug,
  name,
  paused,
  created_at: toTimestamp(createdAt),
});
