import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { ExecError } from '@xem/errors';
import { ExecutionId, InvocationId, WorkspaceId } from '@xem/protocol';
import { systemClock, systemIds } from '@xem/runtime';
import { BootError } from '../boot/boot-error.ts';
import type { ToolCall, ToolHost } from '../dispatch/tool-host.ts';
import type { Run, RunEnd, RunOutput } from '../run/run.ts';
import type { AgentSettings } from '../settings.ts';
import { withScratchTools } from './scratch.ts';
import { readToolArgs } from './tool-args.ts';

/** What to run, as it stands on a command line. */
export interface ToolRequest {
  readonly tool: string | undefined;
  /** A JSON object, `@FILE` or `-`. */
  readonly args: string | undefined;
  readonly workspace: string | undefined;
  /** Ends the run. */
  readonly stop: AbortSignal;
}

const NO_WORKSPACE = 'ws_00000000';

function unknownTool({ tools }: ToolHost, asked: string): BootError {
  const what = asked === '' ? 'run-tool needs a tool' : `run-tool: there is no tool "${asked}" here`;
  return new BootError('usage', `${what}: ${[...tools.keys()].join(', ') || 'tools_dir holds none'}`);
}

async function callOf(host: ToolHost, request: ToolRequest): Promise<ToolCall> {
  const { tool = '', args = '{}', workspace = NO_WORKSPACE } = request;
  const own = host.tools.get(tool);
  if (!own) throw unknownTool(host, tool);
  const place = WorkspaceId.safeParse(workspace);
  if (!place.success) throw new BootError('usage', '--workspace must be ws_ and hex digits');
  const ids = systemIds(systemClock());
  return {
    key: { execution_id: ExecutionId.parse(ids.uuid()), attempt: 1 },
    invocationId: InvocationId.parse(ids.uuid()),
    tool,
    workspaceId: place.data,
    args: await readToolArgs(args),
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

/** Prints as it comes. Whoever closed the other end wants no more of it. */
async function print(output: RunOutput, to: Writable): Promise<void> {
  for await (const { bytes } of output.read()) {
    if (to.destroyed) return;
    if (!to.write(bytes)) await once(to, 'drain').catch(() => undefined);
  }
}

/** Somebody looks at what the tool writes, not at what the agent does for it. */
const quiet = ({ log_level, ...rest }: AgentSettings): AgentSettings => ({
  ...rest,
  log_level: log_level === 'info' ? 'warn' : log_level,
});

/** Runs one tool here, without a router, and prints what it writes. Leaves nothing running. @throws BootError */
export const runTool = (settings: AgentSettings, request: ToolRequest): Promise<RunEnd> =>
  withScratchTools(quiet(settings), async ({ host }) => {
    const call = await callOf(host, request);
    request.stop.throwIfAborted();
    const run = start(host, call);
    const cancel = (): void => run.cancel('interrupted');
    request.stop.addEventListener('abort', cancel, { once: true });
    for (const stream of [process.stdout, process.stderr]) stream.once('error', cancel);
    await Promise.all([print(run.stdout, process.stdout), print(run.stderr, process.stderr)]);
    return run.ended;
  });
