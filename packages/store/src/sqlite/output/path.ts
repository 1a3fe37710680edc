import { join } from 'node:path';
import { ExecutionId, OutputStream, ProjectId } from '@xem/protocol';
import type { StreamName } from '../query/output.ts';

/** Folder of a project's output files. @throws ZodError when the id has not its form: ids never become paths raw. */
export const outputFolder = (dataDir: string, projectId: ProjectId): string =>
  join(dataDir, 'outputs', ProjectId.parse(projectId));

/** Where a stream is kept. */
export interface StreamPlace {
  readonly projectId: ProjectId;
  readonly name: StreamName;
  /** Its file, once it is large. @throws ZodError as `outputFolder` does */
  path(): string;
}

/** The place of a stream. Most have no file and never need the name of one, so it is made when it is asked for. */
export const streamPlace = (dataDir: string, projectId: ProjectId, name: StreamName): StreamPlace => ({
  projectId,
  name,
  path: () => {
    const file = `${ExecutionId.parse(name.executionId)}.${OutputStream.parse(name.stream)}`;
    return join(outputFolder(dataDir, projectId), file);
  },
});
