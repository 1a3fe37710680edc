import { z } from 'zod';
import { EndedBy, OutputStream } from '../entity/execution.ts';
import { Milliseconds, Sha256 } from '../id.ts';
import { AttemptKey, V1 } from './wire.ts';

/** A piece of output; the bytes are the frame's payload, at most 64 KiB of them. */
export const OutputBody = z.strictObject({
  ...V1,
  ...AttemptKey.shape,
  stream: OutputStream,
  offset: z.int().min(0),
});
export type OutputBody = z.infer<typeof OutputBody>;

/** Bytes the agent may send of an attempt beyond what it was allowed so far, both streams together. */
export const CreditBody = z.strictObject({ ...V1, ...AttemptKey.shape, bytes: z.int().min(1) });
export type CreditBody = z.infer<typeof CreditBody>;

/** What an agent kept of a stream, measured after masking. */
export const StreamSummary = z.strictObject({
  bytes: z.int().min(0),
  sha256: Sha256,
  truncated: z.boolean(),
  masked: z.int().min(0),
});
export type StreamSummary = z.infer<typeof StreamSummary>;

/** The end of an attempt. The agent keeps it, and the spool, until `result_ack`. */
export const ResultBody = z.strictObject({
  ...V1,
  ...AttemptKey.shape,
  status: z.enum(['completed', 'failed', 'cancelled', 'timeout', 'lost']),
  ended_by: EndedBy,
  exit_code: z.int().min(0).max(255).nullable(),
  signal: z.string().nullable(),
  duration_ms: Milliseconds,
  /** A code of the catalogue's `execution` surface, when the end was not `completed`. */
  error: z.strictObject({ code: z.string(), message: z.string().max(2000) }).nullable(),
  stdout: StreamSummary,
  stderr: StreamSummary,
  /** Processes that outlived SIGKILL. */
  survivors: z.array(z.int()).max(1000),
});
export type ResultBody = z.infer<typeof ResultBody>;

export const ResultAckBody = z.strictObject({ ...V1, ...AttemptKey.shape });
export type ResultAckBody = z.infer<typeof ResultAckBody>;
