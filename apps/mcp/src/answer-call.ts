import type { CallToolResult, Server, ServerContext } from '@modelcontextprotocol/server';
import { ClientError } from '@xem/client';
import { refuse } from './answer/refusal.ts';
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

async function run(call: ToolCall, { name, arguments: args = {} }: CallParams): Promise<CallToolResult> {
  const fixed = FIXED_TOOLS.find((tool) => tool.name === name);
  try {
    return await (fixed ? fixed.run(call, args) : callMeshTool(call, name, args));
  } catch (error) {
    if (error instanceof ClientError) return refuse(error);
    throw error;
  }
}

/** Answers `tools/call`: what the router refuses comes back as a result that says so, for the model to read. */
export async function answerCall(context: CallContext, params: CallParams): Promise<CallToolResult> {
  const { log } = context.caller.parts;
  const fixed = FIXED_TOOLS.find(({ name }) => name === params.name);
  const schema = fixed ? outputSchemaOf(fixed.output) : OUTCOME_SCHEMA;
  try {
    return context.server.projectCallToolResult(await run(toolCall(context), params), schema);
  } catch (err) {
    if (!context.mcpReq.signal.aborted) log.error('tool.failed', { tool: params.name, err });
    throw err;
  }
}
