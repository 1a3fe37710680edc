import { z } from 'zod';
import {
  AgentId,
  ExecutionId,
  InvocationId,
  Milliseconds,
  ProjectId,
  Sha256,
  Timestamp,
  ToolName,
  WorkspaceId,
} from '../id.ts';
import { EXECUTION_STATUSES } from '../state/execution.ts';
import { OUTPUT_STREAMS } from '../word.ts';
import { Failure } from './invocation.ts';

export const ExecutionStatusWord = z.enum(EXECUTION_STATUSES);

export const OutputStream = z.enum(OUTPUT_STREAMS);
export type OutputStream = z.infer<typeof OutputStream>;

/** Who ended a run, as its agent saw it. */
export const EndedBy = z.enum(['exit', 'cancel', 'timeout', 'limit', 'unknown']);
export type EndedBy = z.infer<typeof EndedBy>;

/** What is kept of one stream: length and hash are of the bytes after masking; `missing` ranges are half open. */
export const StreamDigest = z.object({
  bytes: z.int().min(0),
  sha256: Sha256,
  truncated: z.boolean(),
  masked: z.int().min(0),
  missing: z.array(z.tuple([z.int(), z.int()])),
  media_type: z.string(),
});
export type StreamDigest = z.infer<typeof StreamDigest>;

/** The record of one attempt on one agent. */
export const Execution = z
  .object({
    object: z.literal('execution'),
    id: ExecutionId,
    invocation_id: InvocationId,
    project_id: ProjectId,
    workspace_id: WorkspaceId,
    agent_id: AgentId,
    tool: ToolName,
    attempt: z.int().min(1),
    status: ExecutionStatusWord,
    exit_code: z.int().min(0).max(255).nullable(),
    signal: z.string().nullable(),
    ended_by: EndedBy.nullable(),
    error: Failure.nullable(),
    stdout: StreamDigest.nullable(),
    stderr: StreamDigest.nullable(),
    evidence: z.boolean(),
    duration_ms: Milliseconds.nullable(),
    output_expires_at: Timestamp.nullable(),
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    ended_at: Timestamp.nullable(),
  })
  .meta({ id: 'Execution' });
export type Execution = z.infer<typeof Execution>;
