import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/server';
import type { OperationId } from '@xem/client';
import { PAGE_LIMIT_MAX } from '@xem/protocol';
import { z } from 'zod';
import { refuseArguments } from '../answer/refusal.ts';
import type { Caller } from '../caller.ts';

/** One call of a tool. */
export interface ToolCall {
  readonly caller: Caller;
  /** Aborts when the client takes its request back or goes away. */
  readonly signal: AbortSignal;
  /** Tells a client that asked for it how a wait goes on. */
  readonly progress: (report: ProgressReport) => Promise<void>;
}

/** How far a wait has come, in seconds. */
export interface ProgressReport {
  readonly waited: number;
  readonly atMost: number;
  readonly message: string;
}

interface FixedToolRow<Input extends z.ZodObject> {
  /** Below `exec.`. */
  readonly name: string;
  readonly title: string;
  /** What a model reads before it decides to call. */
  readonly says: string;
  /** The operation it stands for. */
  readonly operation: OperationId;
  readonly input: Input;
  /** What `structuredContent` holds when the call is no error. */
  readonly output: z.ZodType;
  readonly annotations: ToolAnnotations;
  readonly run: (call: ToolCall, input: z.output<Input>) => Promise<CallToolResult>;
}

/** A tool that is there whatever the mesh offers. */
export interface FixedTool extends Omit<FixedToolRow<z.ZodObject>, 'run'> {
  /** Reads the arguments and runs. @throws ClientError */
  readonly run: (call: ToolCall, args: unknown) => Promise<CallToolResult>;
}

/** The annotations of a tool that changes nothing. */
export const READS: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** What every list takes. */
export const PAGE = {
  limit: z.int().min(1).max(PAGE_LIMIT_MAX).optional(),
  after: z.string().optional().describe('The next_cursor of the page before.'),
} as const;

/** Writes down a fixed tool. */
export const fixedTool = <Input extends z.ZodObject>(row: FixedToolRow<Input>): FixedTool => ({
  ...row,
  name: `exec.${row.name}`,
  run: async (call, args) => {
    const input = row.input.safeParse(args);
    return input.success ? row.run(call, input.data) : refuseArguments(input.error);
  },
});
