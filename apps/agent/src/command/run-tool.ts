import { ExecError } from '@xem/errors';
import { ExecutionId, InvocationId, WorkspaceId } from '@xem/protocol';
import { systemClock, systemIds } from '@xem/runtime';
import { z } from 'zod';
import { BootError } from '../boot/boot-error.ts';
import type { ToolCall, ToolHost } from '../dispatch/tool-host.ts';
import type { Run, RunEnd, RunOutput } from '../run/run.ts';
import type { AgentSettings } from '../settings.ts';
import { withScratchTools } from './scratch.ts';

/** What to run, as it stands on a command line. */
export interface ToolRequest {
  readonly tool: string | undefined;
  /** A JSON object. */
  readonly args: string | undefined;
  readonly workspace: string | undefined;
}

const NO_WORKSPACE = 'ws_00000000';

const Args = z.record(z.string(), z.unknown());

function readArgs(text: string): z.infer<typeof Args> {
  try {
    return Args.parse(JSON.parse(text));
  } catch (err) {
    throw new BootError('usage', '--args must be a JSON object', { cause: err });
  }
}

function callOf({ host }: { readonly host: ToolHost }, request: ToolRequest): ToolCall {
  const { tool = '', args = '{}', workspace = NO_WORKSPACE } = request;
  const own = host.tools.get(tool);
  if (!own) throw new BootError('usage', `run-tool needs a tool: ${[...host.tools.keys()].join(', ')}`);
  const place = WorkspaceId.safeParse(workspace);
  if (!place.success) throw new BootError('usage', '--workspace must be ws_ and hex digits');
  const ids = systemIds(systemClock());
  return {
    key: { execution_id: ExecutionId.parse(ids.uuid()), attempt: 1 },
    invocationId: InvocationId.parse(ids.uuid()),
    tool,
    workspaceId: place.data,
    args: readArgs(args),
    timeoutMs: own.definition.timeout_ms,
    traceparent: null,
  };
}

function start(host: ToolHost, call: ToolCall): Run {
  try {
    return host.prepare(call)();
  } catch (err) {
    if (err instanceof ExecError) throw new BootError('usage', err.message, { cause: err });
    throw err;
  }
}

async function print(output: RunOutput, to: NodeJS.WritableStream): Promise<void> {
  for await (const { bytes } of output.read()) {
    if (!to.write(bytes)) await new Promise<void>((resolve) => to.once('drain', () => resolve()));
  }
}

/** Somebody looks at what the tool writes, not at what the agent does for it. */
const quiet = ({ log_level, ...rest }: AgentSettings): AgentSettings => ({
  ...rest,
  log_level: log_level === 'info' ? 'warn' : log_level,
});

/** Runs one tool here, without a router, and prints what it writes. @throws BootError */
export const runTool = (settings: AgentSettings, request: ToolRequest): Promise<RunEnd> =>
  withScratchTools(quiet(settings), async ({ host }) => {
    const run = start(host, callOf({ host }, request));
    await Promise.all([print(run.stdout, process.stdout), print(run.stderr, process.stderr)]);
    return run.ended;
  });
