import { join } from 'node:path';
import { ExecutionId, OutputStream, ProjectId } from '@xem/protocol';

/** Folder of a project's output files. @throws ZodError when the id has not its form: ids never become paths raw. */
export const outputFolder = (dataDir: string, projectId: ProjectId): string =>
  join(dataDir, 'outputs', ProjectId.parse(projectId));

interface StreamPlace {
  readonly projectId: ProjectId;
  readonly executionId: ExecutionId;
  readonly stream: OutputStream;
}

/** File of a large stream. @throws ZodError as `outputFolder` does. */
export function outputFile(dataDir: string, { projectId, executionId, stream }: StreamPlace): string {
  const name = `${ExecutionId.parse(executionId)}.${OutputStream.parse(stream)}`;
  return join(outputFolder(dataDir, projectId), name);
}
