import { ExecError } from '@xem/errors';
import {
  EXECUTION_TERMINAL,
  type ParsedInputOf,
  type readExecutionOutput,
  type StreamDigest,
} from '@xem/protocol';
import type { ExecutionRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { loadExecution } from './get.ts';

/** One stream of an ended execution, to be read in whole or in part. */
export interface RawOutput {
  readonly digest: StreamDigest;
  /** Bytes `from` up to but not `to`. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

function digestOf(row: ExecutionRecord, stream: 'stdout' | 'stderr'): StreamDigest {
  const digest = row[stream];
  if (digest && EXECUTION_TERMINAL.has(row.status)) return digest;
  const why = EXECUTION_TERMINAL.has(row.status)
    ? `ended ${row.status} and left no output`
    : `is ${row.status}`;
  throw new ExecError('invalid_state', `execution ${row.id} ${why}`);
}

/** Opens the exact bytes of a stream. @throws ExecError execution_not_found, invalid_state, output_expired */
export async function raw(
  ctx: VerbContext,
  input: ParsedInputOf<typeof readExecutionOutput>,
): Promise<RawOutput> {
  const row = await loadExecution(ctx, ctx.store.read.executions, input.id);
  const digest = digestOf(row, input.stream);
  if (row.outputExpiresAt !== null && row.outputExpiresAt <= ctx.clock.now()) {
    throw new ExecError(
      'output_expired',
      `the output of execution ${row.id} was removed after its retention`,
    );
  }
  const { projectId, id: executionId } = row;
  const range = { projectId, executionId, stream: input.stream };
  return { digest, read: (from, to) => ctx.store.outputs.read({ ...range, from, to }) };
}
