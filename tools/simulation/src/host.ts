import type { Run, RunEnd, RunOutput } from '@xem/agent';
import type { ToolCall, ToolHost } from '@xem/agent/testing';
import { attemptName, sha256Hex } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import type { Dice } from './dice.ts';
import type { SimulatedProcess } from './process.ts';
import { OWN_TOOLS } from './tools.ts';

/** That a tool took effect. */
export interface Effect {
  readonly invocationId: string;
  readonly attempt: number;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Milliseconds of the wall clock. */
  readonly at: number;
}

/** A process of a tool, and what it leaves on the host. */
interface Task {
  readonly call: ToolCall;
  readonly startedAt: number;
  readonly output: Buffer;
  written: number;
  end: RunEnd | null;
  /** Told of every change. */
  readonly waiting: Set<() => void>;
  stop(by: 'cancel' | 'timeout'): void;
}

/** A machine that runs tools; it outlives the agents on it. */
export interface SimulatedHost {
  readonly effects: readonly Effect[];
  /** What an attempt wrote in all. */
  outputOf(executionId: string): Buffer | null;
  /** The host as one agent's process sees it. */
  open(process: SimulatedProcess): ToolHost;
}

interface HostWorld {
  readonly clock: Clock;
  readonly dice: Dice;
}

const CHUNK_BYTES = 16_384;
const OUTPUT_BYTES_MAX = 60_000;
const RUN_MS_MAX = 9000;
const PIECES = 4;

function outputOf({ invocationId, key }: ToolCall, length: number): Buffer {
  const word = sha256Hex(`${invocationId} ${key.attempt}`);
  return Buffer.from(word.repeat(Math.ceil(length / word.length)).slice(0, length));
}

const ended = (task: Task, clock: Clock, given: Partial<RunEnd>): RunEnd => ({
  status: 'completed',
  ended_by: 'exit',
  exit_code: 0,
  signal: null,
  duration_ms: Math.round(clock.monotonic() - task.startedAt),
  error: null,
  survivors: [],
  ...given,
});

const FAILED: Partial<RunEnd> = {
  status: 'failed',
  exit_code: 3,
  error: { code: 'tool_exit_nonzero', message: 'the tool ended with status 3' },
};

const STOPPED = {
  cancel: { status: 'cancelled', ended_by: 'cancel', exit_code: 143, signal: 'SIGTERM' },
  timeout: {
    status: 'timeout',
    ended_by: 'timeout',
    exit_code: 143,
    error: { code: 'tool_timeout', message: 'the tool did not end in time' },
  },
} as const satisfies Record<string, Partial<RunEnd>>;

function startTask({ clock, dice }: HostWorld, call: ToolCall): Task {
  const runMs = dice.between(0, RUN_MS_MAX);
  const isFailing = dice.chance(0.1);
  const changed = (): void => {
    for (const tell of task.waiting) tell();
  };
  const finish = (given: Partial<RunEnd>): void => {
    if (task.end) return;
    task.end = ended(task, clock, given);
    changed();
  };
  const task: Task = {
    call,
    startedAt: clock.monotonic(),
    output: outputOf(call, dice.between(0, OUTPUT_BYTES_MAX)),
    written: 0,
    end: null,
    waiting: new Set(),
    stop: (by) => void clock.after(dice.between(0, 300), () => finish(STOPPED[by])),
  };
  const write = (): void => {
    if (task.end) return;
    task.written = Math.min(task.output.length, task.written + Math.ceil(task.output.length / PIECES));
    changed();
  };
  for (let piece = 1; piece <= PIECES; piece += 1) clock.after((runMs * piece) / PIECES, write);
  clock.after(runMs, () => finish(isFailing ? FAILED : {}));
  clock.after(call.timeoutMs, () => task.stop('timeout'));
  return task;
}

/** Resolves at the next change of a task that the process lives to see. */
const changeOf = (task: Task, process: SimulatedProcess, signal?: AbortSignal): Promise<void> =>
  process.guard(
    new Promise((resolve, reject) => {
      const tell = (): void => {
        task.waiting.delete(tell);
        resolve();
      };
      task.waiting.add(tell);
      signal?.addEventListener('abort', () => (task.waiting.delete(tell), reject(signal.reason)), {
        once: true,
      });
    }),
  );

async function endOf(task: Task, process: SimulatedProcess): Promise<RunEnd> {
  while (!task.end) await changeOf(task, process);
  return task.end;
}

function outputFor(task: Task, process: SimulatedProcess): RunOutput {
  async function* read(from = 0, signal?: AbortSignal) {
    for (let offset = from; ;) {
      signal?.throwIfAborted();
      const bytes = task.output.subarray(offset, Math.min(task.written, offset + CHUNK_BYTES));
      if (bytes.length > 0) yield { offset, bytes, masked: 0 };
      else if (task.end) return;
      else await changeOf(task, process, signal);
      offset += bytes.length;
    }
  }
  return {
    read,
    summary: async () => {
      await endOf(task, process);
      const bytes = task.output.subarray(0, task.written);
      return { bytes: bytes.length, sha256: sha256Hex(bytes), truncated: false, masked: 0 };
    },
  };
}

const SILENT: RunOutput = {
  async *read() {},
  summary: async () => ({ bytes: 0, sha256: sha256Hex(''), truncated: false, masked: 0 }),
};

const runOf = (task: Task, process: SimulatedProcess): Run => ({
  key: task.call.key,
  pid: null,
  stdout: outputFor(task, process),
  stderr: SILENT,
  ended: endOf(task, process),
  cancel: () => task.stop('cancel'),
});

/** A host without a task. */
export function createHost(world: HostWorld): SimulatedHost {
  const tasks = new Map<string, Task>();
  const kept = new Map<string, Buffer>();
  const effects: Effect[] = [];
  const begin = (call: ToolCall): Task => {
    const name = attemptName(call.key);
    if (tasks.has(name)) throw new Error(`${name} was started before`);
    const task = startTask(world, call);
    const { invocationId, tool, args } = call;
    effects.push({ invocationId, attempt: call.key.attempt, tool, args, at: world.clock.now() });
    tasks.set(name, task);
    kept.set(call.key.execution_id, task.output);
    return task;
  };
  return {
    effects,
    outputOf: (executionId) => kept.get(executionId) ?? null,
    open: (process) => ({
      tools: OWN_TOOLS,
      providers: ['command'],
      credentialsRef: () => null,
      onChange: () => undefined,
      prepare: (call) => () => runOf(begin(call), process),
      reattach: (key) => {
        const task = tasks.get(attemptName(key));
        return task ? runOf(task, process) : null;
      },
      list: () => [...tasks.values()].map(({ call }) => call.key),
      remove: async (key) => void tasks.delete(attemptName(key)),
      close: () => undefined,
    }),
  };
}
