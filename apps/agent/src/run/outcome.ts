import { constants } from 'node:os';
import type { ErrorCode } from '@xem/errors';
import type { RunEnd } from './run.ts';
import type { Cause } from './spool.ts';

/** Everything that is known of a run once nothing of it moves any more. */
export interface RunFacts {
  /** The tool's status as a shell sees it; null when it left none. */
  readonly status: number | null;
  /** The signal that ended the leader itself. */
  readonly leaderSignal: string | null;
  /** Set when the agent told the run to end. */
  readonly cause: Cause | null;
  readonly truncated: boolean;
  readonly survivors: readonly number[];
  readonly durationMs: number;
}

const SIGNAL_BASE = 128;

/** Survivors that a `result` frame holds, and that its message names. */
const SURVIVORS_MAX = 1000;
const LISTED_MAX = 20;

/** Names by number; of two names for one number the first, so SIGABRT and not SIGIOT. */
const signalNames = new Map<number, string>(
  Object.entries(constants.signals)
    .map(([name, number]): [number, string] => [number, name])
    .toReversed(),
);

type Ending = Pick<RunEnd, 'status' | 'ended_by'> & { readonly error: [ErrorCode, string] | null };

/** The signal a shell means by 128 + n. */
const signalOf = (status: number | null): string | null =>
  status === null ? null : (signalNames.get(status - SIGNAL_BASE) ?? null);

/** The leader dies only of a SIGKILL for the whole group, of which the tool died too. */
function statusOf({ status, leaderSignal, cause }: RunFacts): number | null {
  if (status !== null || leaderSignal === null || cause === null) return status;
  const number = Object.entries(constants.signals).find(([name]) => name === leaderSignal)?.[1];
  return number === undefined ? null : SIGNAL_BASE + number;
}

const STOPPED: Readonly<Record<Cause['by'], Ending>> = {
  cancel: { status: 'cancelled', ended_by: 'cancel', error: null },
  timeout: {
    status: 'timeout',
    ended_by: 'timeout',
    error: ['tool_timeout', 'the tool did not end in time and was stopped'],
  },
  limit: {
    status: 'failed',
    ended_by: 'limit',
    error: ['output_limit_exceeded', 'the tool wrote more than its output limit'],
  },
};

/** Signals of the kernel about a limit. */
const LIMITS: Readonly<Record<string, string>> = {
  SIGXCPU: ': its processor time was used up',
  SIGXFSZ: ': a file of its outgrew the limit',
};

function ended(status: number | null): Ending {
  if (status === 0) return { status: 'completed', ended_by: 'exit', error: null };
  if (status === null) {
    const error: Ending['error'] = ['tool_killed', 'the tool was ended from outside and left no status'];
    return { status: 'lost', ended_by: 'unknown', error };
  }
  const signal = signalOf(status);
  const how = signal ? `was ended by ${signal}${LIMITS[signal] ?? ''}` : `ended with status ${status}`;
  return { status: 'failed', ended_by: 'exit', error: ['tool_exit_nonzero', `the tool ${how}`] };
}

function endingOf({ cause, truncated, status, survivors }: RunFacts): Ending {
  if (cause?.by === 'cancel' && survivors.length > 0) {
    const list = survivors.slice(0, LISTED_MAX).join(', ');
    return { ...STOPPED.cancel, error: ['cancel_unconfirmed', `still there after SIGKILL: ${list}`] };
  }
  if (cause) return STOPPED[cause.by];
  return truncated ? STOPPED.limit : ended(status);
}

/** The end of a run from its facts. */
export function outcomeOf(facts: RunFacts): RunEnd {
  const { error, ...ending } = endingOf(facts);
  const [code, message] = error ?? [];
  const status = statusOf(facts);
  return {
    ...ending,
    exit_code: status,
    signal: signalOf(status) ?? facts.leaderSignal,
    duration_ms: Math.round(facts.durationMs),
    error: code && message ? { code, message } : null,
    survivors: facts.survivors.slice(0, SURVIVORS_MAX),
  };
}
