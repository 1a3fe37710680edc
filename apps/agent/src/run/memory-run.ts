import type { AttemptKey } from '@xem/protocol';
import { capture, memoryOutput, type Captured } from './memory-output.ts';
import { NO_MASK } from './mask.ts';
import type { Run, RunEnd } from './run.ts';

/** Everything a run without a process leaves. */
export interface MemoryEnd {
  readonly end: RunEnd;
  readonly stdout: Captured;
  readonly stderr: Captured;
}

const noCancel = (): void => undefined;

/** A run whose output is never on disk. `ending` must not reject. */
export function memoryRun(
  key: AttemptKey,
  ending: Promise<MemoryEnd>,
  cancel: Run['cancel'] = noCancel,
): Run {
  return {
    key,
    pid: null,
    stdout: memoryOutput(ending.then(({ stdout }) => stdout)),
    stderr: memoryOutput(ending.then(({ stderr }) => stderr)),
    ended: ending.then(({ end }) => end),
    cancel,
  };
}

/** The end of a run that never began, `tool_spawn_failed`. */
export function unstarted(message: string): MemoryEnd {
  const nothing = capture(Buffer.alloc(0), { bytesMax: 0, mask: NO_MASK });
  const error = { code: 'tool_spawn_failed', message };
  const end: RunEnd = {
    status: 'failed',
    ended_by: 'exit',
    exit_code: null,
    signal: null,
    duration_ms: 0,
    error,
    survivors: [],
  };
  return { end, stdout: nothing, stderr: nothing };
}
