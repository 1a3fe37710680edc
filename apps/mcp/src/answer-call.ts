import type { CallToolResult, Server, ServerContext } from '@modelcontextprotocol/server';
import { ClientError } from '@xem/client';
import { ownError, refuse } from './answer/refusal.ts';
import { OUTCOME_SCHEMA, outputSchemaOf } from './answer/schema.ts';
import type { Caller } from './caller.ts';
import type { ProgressReport, ToolCall } from './tool/fixed-tool.ts';
import { callMeshTool } from './tool/mesh-tool.ts';
import { FIXED_TOOLS } from './tool/table.ts';

interface CallContext {
  readonly server: Server;
  readonly caller: Caller;
  readonly mcpReq: ServerContext['mcpReq'];
  /** Aborts when the HTTP client goes away. */
  readonly left: AbortSignal | undefined;
}

interface CallParams {
  readonly name: string;
  readonly arguments?: Record<string, unknown> | undefined;
}

const reporter = (mcpReq: ServerContext['mcpReq']): ToolCall['progress'] => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return async () => undefined;
  return ({ waited, atMost, message }: ProgressReport) =>
    mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress: waited, total: atMost, message },
    });
};

const toolCall = ({ caller, mcpReq, left }: CallContext): ToolCall => ({
  caller,
  signal: left ? AbortSignal.any([mcpReq.signal, left]) : mcpReq.signal,
  progress: reporter(mcpReq),
});

/** A fault of this server says no more than that: its message may hold what is no caller's business. */
function answerFailure({ caller, mcpReq, left }: CallContext, tool: string, err: unknown): CallToolResult {
  if (err instanceof ClientError) return refuse(err);
  if (mcpReq.signal.aborted || left?.aborted) throw err;
  caller.parts.log.error('tool.failed', { tool, err });
  return refuse(ownError('internal', 'the MCP server could not carry this out'));
}

/** Answers `tools/call`: what the router refuses comes back as a result that says so, for the model to read. */
export async function answerCall(
  context: CallContext,
  { name, arguments: args = {} }: CallParams,
): Promise<CallToolResult> {
  const call = toolCall(context);
  const fixed = FIXED_TOOLS.find((tool) => tool.name === name);
  const schema = fixed ? outputSchemaOf(fixed.output) : OUTCOME_SCHEMA;
  const running = fixed ? fixed.run(call, args) : callMeshTool(call, name, args);
  const result = await running.catch((error: unknown) => answerFailure(context, name, error));
  return context.server.projectCallToolResult(result, schema);
}
