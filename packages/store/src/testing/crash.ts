import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ExecutionId, InvocationId, ProjectId } from '@xem/protocol';
import { z } from 'zod';

/** What a writer tells its parent. */
export const WriterMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('acknowledged'),
    projectId: ProjectId,
    id: InvocationId,
    executionId: ExecutionId,
    stored: z.int(),
  }),
  z.object({ kind: z.literal('fatal') }),
  z.object({ kind: z.literal('ended'), reasons: z.array(z.string()), after: z.string() }),
]);
export type WriterMessage = z.infer<typeof WriterMessage>;

const WRITER = fileURLToPath(new URL('crash-writer.ts', import.meta.url));

/** Starts a process that writes into a folder until it is killed or its disk fails. */
export const startWriter = (dataDir: string, execPath = process.execPath): ChildProcess =>
  fork(WRITER, [dataDir], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execPath });
