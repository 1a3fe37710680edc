import { rm } from 'node:fs/promises';
import { OUTPUT_STREAMS, type ExecutionId, type OutputStream, type ProjectId } from '@xem/protocol';
import type { OutputStore, StoredStream } from '../../output.ts';
import type { Store } from '../../store.ts';
import { outputReader, outputWriter } from '../query/output.ts';
import { expiredOutputs } from '../query/retention.ts';
import type { Session } from '../session.ts';
import { FilePool, syncFolder } from './file-pool.ts';
import { outputFolder, streamPlace } from './path.ts';
import { readStream } from './read.ts';
import { StreamWriter, type SealedStream, type StreamWriterContext } from './stream-writer.ts';

/** Streams whose length and hash are kept in memory; beyond, the least recently used idle ones are read again. */
const STREAMS_KEPT_MAX = 2048;

interface OutputOptions {
  readonly dataDir: string;
  readonly writer: Session;
  readonly reader: Session;
  readonly transact: Store['transact'];
  /** A file could not be made durable: its bytes may be lost though they can be read. */
  readonly onFatal: (err: unknown) => void;
}

/** The output store, and how to close its files. */
export interface Outputs extends OutputStore {
  close(): Promise<void>;
}

type WriterOf = (projectId: ProjectId, executionId: ExecutionId, stream: OutputStream) => StreamWriter;

interface Writers {
  readonly of: WriterOf;
  /** Lets go of the writers of an execution that have nothing to do. */
  forget(projectId: ProjectId, executionId: ExecutionId): void;
}

const keyOf = (...[projectId, executionId, stream]: Parameters<WriterOf>): string =>
  `${projectId}/${executionId}/${stream}`;

function keepWriters(context: StreamWriterContext, dataDir: string): Writers {
  const kept = new Map<string, StreamWriter>();
  const forgetIdle = (): void => {
    for (const [key, writer] of kept) {
      if (kept.size <= STREAMS_KEPT_MAX) return;
      if (writer.isIdle) kept.delete(key);
    }
  };
  return {
    of: (projectId, executionId, stream) => {
      const key = keyOf(projectId, executionId, stream);
      const known = kept.get(key);
      const writer =
        known ?? new StreamWriter(context, streamPlace(dataDir, projectId, { executionId, stream }));
      if (known) kept.delete(key);
      kept.set(key, writer);
      forgetIdle();
      return writer;
    },
    forget: (projectId, executionId) => {
      for (const stream of OUTPUT_STREAMS) {
        const key = keyOf(projectId, executionId, stream);
        if (kept.get(key)?.isIdle) kept.delete(key);
      }
    },
  };
}

/** Asks for both streams of an execution, by name. */
async function both<Result>(
  ask: (stream: OutputStream) => Promise<Result>,
): Promise<Record<OutputStream, Result>> {
  const [stdout, stderr] = await Promise.all([ask('stdout'), ask('stderr')]);
  return { stdout, stderr };
}

const plain = ({ bytes, sha256 }: SealedStream): StoredStream => ({ bytes, sha256 });

/** The output store over the rows of a database and the files beside it. */
export function openOutputs({ dataDir, writer, reader, transact, onFatal }: OutputOptions): Outputs {
  const files = new FilePool();
  const rows = outputReader(reader);
  const write = outputWriter(writer);
  const writers = keepWriters({ rows, writer: write, transact, files, onFatal }, dataDir);
  const storedOf = async (executionId: ExecutionId, stream: OutputStream): Promise<number> => {
    const row = rows.stream({ executionId, stream });
    return row ? writers.of(row.projectId, executionId, stream).stored() : 0;
  };
  return {
    append: ({ projectId, executionId, stream, offset, bytes }) =>
      writers.of(projectId, executionId, stream).append(offset, bytes),
    stored: (executionId) => both((stream) => storedOf(executionId, stream)),
    seal: async (projectId, executionId) => {
      const each = {
        stdout: writers.of(projectId, executionId, 'stdout'),
        stderr: writers.of(projectId, executionId, 'stderr'),
      };
      const sealed = await both((stream) => each[stream].seal());
      if (sealed.stdout.isFile || sealed.stderr.isFile) await syncFolder(outputFolder(dataDir, projectId));
      void both((stream) => each[stream].rest()).then(() => writers.forget(projectId, executionId));
      return { stdout: plain(sealed.stdout), stderr: plain(sealed.stderr) };
    },
    read: ({ projectId, executionId, stream, from, to }) => {
      const place = streamPlace(dataDir, projectId, { executionId, stream });
      return readStream({ rows, ...place }, { from, to });
    },
    expired: expiredOutputs(reader),
    remove: async (projectId, executionId) => {
      const inFile = await both(
        async (stream) => (rows.stream({ executionId, stream })?.fileFrom ?? null) !== null,
      );
      await both((stream) =>
        writers.of(projectId, executionId, stream).remove((path) => rm(path, { force: true })),
      );
      if (inFile.stdout || inFile.stderr) await syncFolder(outputFolder(dataDir, projectId));
      await transact(async () => write.remove(projectId, executionId));
      writers.forget(projectId, executionId);
    },
    close: () => files.closeAll(),
  };
}
