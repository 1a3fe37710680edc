import type { OutputPiece } from '@xem/client';
import { OUTPUT_STREAMS, type Invocation } from '@xem/protocol';
import type { Session } from '../../session.ts';

type StreamName = OutputPiece['stream'];

interface Written {
  attempt: number;
  /** Bytes of this attempt's stream that were written. */
  at: number;
  /** A piece was missed; what follows is fetched at the end, in one go. */
  broken: boolean;
  /** The last byte that was written; a line's end before any was. */
  last: number;
}

const NEWLINE = 10;
const unwritten = (): Written => ({ attempt: 0, at: 0, broken: false, last: NEWLINE });

/** Carries what a run writes to our own streams, byte for byte and in order. */
export interface RunOutput {
  write(piece: OutputPiece): Promise<void>;
  /** Fetches what did not come by the stream, all of it where there was none. */
  finish(settled: Invocation): Promise<void>;
  /** What must stand before a line of our own on standard error, so that it begins a line. */
  lineStart(): string;
}

/** Makes the carrier of one run. */
export function createRunOutput(session: Session): RunOutput {
  const { stdout, stderr } = session.io;
  const sinks = { stdout, stderr };
  const written: Readonly<Record<StreamName, Written>> = {
    stdout: unwritten(),
    stderr: unwritten(),
  };
  const put = async (stream: StreamName, bytes: Uint8Array): Promise<void> => {
    written[stream].last = bytes.at(-1) ?? written[stream].last;
    await sinks[stream].write(bytes);
  };
  const begin = async (state: Written, attempt: number): Promise<void> => {
    if (state.at > 0)
      await session.print.note(`attempt ${attempt}: what was written so far is of an earlier one`);
    Object.assign(state, { attempt, at: 0, broken: false });
  };
  const fetchRest = async (stream: StreamName, executionId: string): Promise<void> => {
    const client = await session.client();
    const { body } = await client.raw(executionId, stream, { from: written[stream].at });
    for await (const bytes of body) await put(stream, bytes);
  };
  return {
    write: async ({ stream, attempt, offset, bytes }) => {
      const state = written[stream];
      if (attempt !== state.attempt) await begin(state, attempt);
      if (offset > state.at) state.broken = true;
      const fresh = bytes.subarray(state.at - offset);
      if (state.broken || fresh.length === 0 || offset + bytes.length <= state.at) return;
      state.at += fresh.length;
      await put(stream, fresh);
    },
    finish: async ({ result, execution_id: executionId, attempt }) => {
      if (!result || executionId === null) return;
      const bytes = { stdout: result.stdout_bytes, stderr: result.stderr_bytes };
      for (const stream of OUTPUT_STREAMS) {
        const state = written[stream];
        if (state.attempt !== attempt && bytes[stream] > 0) await begin(state, attempt);
        if (state.at < bytes[stream]) await fetchRest(stream, executionId);
      }
    },
    lineStart: () => {
      const shown = stdout.isTty ? OUTPUT_STREAMS : (['stderr'] as const);
      return shown.some((stream) => written[stream].last !== NEWLINE) ? '\n' : '';
    },
  };
}
