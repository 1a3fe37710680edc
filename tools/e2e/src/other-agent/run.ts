import type { Ending } from './journal.ts';
import type { Tool } from './manifest.ts';
import type { Order } from './order.ts';
import type { Outlet } from './outlet.ts';
import type { Surroundings } from './surroundings.ts';

/** Why a run was told to stop. */
type Stop = 'cancel' | 'timeout' | 'limit';
type How = Pick<Ending, 'status' | 'ended_by' | 'exit_code' | 'error'>;

interface Running {
  readonly order: Order;
  readonly tool: Tool;
  readonly outlet: Outlet;
  readonly around: Surroundings;
  readonly onOutput: () => void;
  readonly onEnd: (ending: Ending) => void;
}

const STOPPED: Readonly<Record<Stop, How>> = {
  cancel: { status: 'cancelled', ended_by: 'cancel', exit_code: null, error: null },
  timeout: {
    status: 'timeout',
    ended_by: 'timeout',
    exit_code: null,
    error: { code: 'tool_timeout', message: 'The tool took too long.' },
  },
  limit: {
    status: 'failed',
    ended_by: 'limit',
    exit_code: null,
    error: { code: 'output_limit_exceeded', message: 'The tool wrote too much.' },
  },
};

function exited(code: number): How {
  if (code === 0) return { status: 'completed', ended_by: 'exit', exit_code: 0, error: null };
  const error = { code: 'tool_exit_nonzero', message: `The tool ended with ${code}.` };
  return { status: 'failed', ended_by: 'exit', exit_code: code, error };
}

/** The end of a run that nobody can tell any more. */
export const lost = (sums: Pick<Ending, 'stdout' | 'stderr'>): Ending => ({
  status: 'lost',
  ended_by: 'unknown',
  exit_code: null,
  signal: null,
  duration_ms: 0,
  error: { code: 'agent_lost', message: 'The agent knows nothing of it any more.' },
  survivors: [],
  ...sums,
});

/** A tool at work. */
export interface Started {
  readonly cancel: () => void;
  /** Settles when the end is written down. */
  readonly done: Promise<void>;
}

/** Starts a tool. */
export function startRun({ order, tool, outlet, around, onOutput, onEnd }: Running): Started {
  const stopper = new AbortController();
  const begun = around.monotonic();
  let stopped: Stop | null = null;
  const stop = (why: Stop): void => {
    stopped ??= why;
    stopper.abort();
  };
  const callOff = around.after(order.timeout_ms, () => stop('timeout'));
  const end = (code: number): void => {
    callOff();
    const duration = Math.round(around.monotonic() - begun);
    const how = stopped === null ? exited(code) : STOPPED[stopped];
    onEnd({ ...how, signal: null, duration_ms: duration, ...outlet.sums(), survivors: [] });
  };
  const ids = { execution: order.execution_id, invocation: order.invocation_id, attempt: order.attempt };
  const write = (stream: 'stdout' | 'stderr', bytes: Uint8Array): void => {
    if (!outlet.write(stream, bytes)) stop('limit');
    onOutput();
  };
  const done = tool.run({ args: order.args, ids, write, signal: stopper.signal }).then(end, () => end(1));
  return { cancel: () => stop('cancel'), done };
}
