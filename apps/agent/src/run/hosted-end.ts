import type { ErrorCode } from '@xem/errors';
import { outcomeOf } from './outcome.ts';
import type { RunEnd } from './run.ts';
import type { Cause } from './spool.ts';

/** How hosted work ended. */
export type HostedEnd =
  | { readonly kind: 'exit'; readonly status: 0 | 1 }
  /** Something was asked for, and nobody can say what became of it. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** Nothing was asked for. */
  | { readonly kind: 'unstarted'; readonly why: string };

/** What is known of a hosted run once nothing of it moves any more. */
interface HostedFacts {
  readonly hosted: HostedEnd;
  /** Set when the agent told the run to end. */
  readonly cause: Cause | null;
  readonly truncated: boolean;
  readonly durationMs: number;
}

/** Codes that say that a server may still be at it, by what the agent did; none where its own words are enough. */
const UNKNOWN: Readonly<Record<Cause['by'] | 'nothing', ErrorCode | null>> = {
  cancel: 'cancel_unconfirmed',
  timeout: 'tool_timeout',
  limit: null,
  nothing: 'tool_killed',
};

/** The end of a hosted run from its facts: what a server may have done without telling is not called undone. */
export function hostedEnd({ hosted, cause, truncated, durationMs }: HostedFacts): RunEnd {
  const status = hosted.kind === 'exit' ? hosted.status : null;
  const end = outcomeOf({ status, leaderSignal: null, cause, truncated, survivors: [], durationMs });
  if (hosted.kind === 'exit') return end;
  const message = hosted.why;
  if (hosted.kind === 'unstarted') {
    if (cause) return end;
    return { ...end, status: 'failed', ended_by: 'exit', error: { code: 'tool_spawn_failed', message } };
  }
  const code = UNKNOWN[cause?.by ?? 'nothing'];
  return code === null ? end : { ...end, error: { code, message } };
}
