import type { AttemptKey, ResultBody, StreamSummary } from '@xem/protocol';

/** How a run ended, in the words of the `result` frame. */
export type RunEnd = Omit<ResultBody, 'v' | 'execution_id' | 'attempt' | 'stdout' | 'stderr'>;

/** A piece of one stream as it may leave the host: at most 64 KiB, secrets already `*`. */
export interface OutputChunk {
  readonly offset: number;
  readonly bytes: Buffer;
  /** Bytes of this chunk that are `*` in place of a secret. */
  readonly masked: number;
}

/** One stream of a run. Any number of readers may follow it, each from an offset of its own. */
export interface RunOutput {
  /**
   * Chunks from `from` (0 by default) on, without a gap; follows a live run and ends with it. The same offset
   * gives the same bytes in every process. Rejects with the signal's reason once it aborts.
   */
  read(from?: number, signal?: AbortSignal): AsyncIterable<OutputChunk>;
  /**
   * Length, SHA-256 and masked bytes of the whole stream; waits for the end of the run. Rejects when the host has not
   * kept the stream.
   */
  summary(): Promise<StreamSummary>;
}

/** One attempt that was started, whatever runs it. */
export interface Run {
  readonly key: AttemptKey;
  /** The leader of the process group; null for what runs inside the agent or never started. */
  readonly pid: number | null;
  readonly stdout: RunOutput;
  readonly stderr: RunOutput;
  /** Settles once nothing of the run is left, or what is left could not be killed. Never rejects. */
  readonly ended: Promise<RunEnd>;
  /** Asks the run to end; a repeated call, and one after the end, changes nothing. */
  cancel(reason: string): void;
}
