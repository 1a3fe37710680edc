import type { RunEnd } from '../run/run.ts';

/** `run-tool` was interrupted, as shells say it. */
export const EXIT_INTERRUPTED = 130;

const EXIT_UNACCOUNTED = 125;
const EXIT_NOT_STARTED = 127;

/** How `run-tool` ends when the tool did not end by itself; after the customs of `timeout`. */
const STOPPED: Readonly<Record<Exclude<RunEnd['ended_by'], 'exit'>, number>> = {
  timeout: 124,
  limit: EXIT_UNACCOUNTED,
  unknown: EXIT_UNACCOUNTED,
  cancel: EXIT_INTERRUPTED,
};

/** The exit status of `run-tool`: the tool's own as far as it has one, 128 + n when signal n ended it. */
export function exitStatusOf({ ended_by, exit_code, error }: RunEnd): number {
  if (ended_by !== 'exit') return STOPPED[ended_by];
  if (error?.code === 'tool_spawn_failed') return EXIT_NOT_STARTED;
  return exit_code ?? EXIT_UNACCOUNTED;
}
