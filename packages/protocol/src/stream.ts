/** How often a stream says that it is alive. */
export const HEARTBEAT_MS = 15_000;

/** Output travels in chunks of at most this many bytes. */
export const OUTPUT_CHUNK_BYTES_MAX = 64 * 1024;

/** The events of streams that are not journal entries. */
export const STREAM_EVENTS = {
  snapshot: 'invocation.snapshot',
  settled: 'invocation.settled',
  output: 'execution.output',
  gap: 'stream.gap',
  error: 'error',
} as const;

/** How far a follower of one invocation has come; the `id:` of its events. */
export interface InvocationPosition {
  readonly seq: number;
  readonly attempt: number;
  readonly stdout: number;
  readonly stderr: number;
}

/** Writes a position as `<seq>.<attempt>.<stdout offset>.<stderr offset>`. */
export const formatPosition = ({ seq, attempt, stdout, stderr }: InvocationPosition): string =>
  `${seq}.${attempt}.${stdout}.${stderr}`;

/** Reads a position; null when the text is not one. */
export function parsePosition(text: string): InvocationPosition | null {
  const match = /^(\d{1,15})\.(\d{1,9})\.(\d{1,15})\.(\d{1,15})$/.exec(text);
  if (!match) return null;
  const [seq = 0, attempt = 0, stdout = 0, stderr = 0] = match.slice(1).map(Number);
  return { seq, attempt, stdout, stderr };
}
