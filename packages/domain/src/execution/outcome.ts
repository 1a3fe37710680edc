import { isErrorCode, type ErrorCode } from '@xem/errors';
import type { ExecutionEvent, InvocationEvent, ResultBody, StreamDigest, StreamSummary } from '@xem/protocol';
import type { ExecutionRecord, InvocationRecord, SealedOutput, StoredStream } from '@xem/store';
import type { EndCause } from '../invocation/end.ts';

/** What an agent reports of the end of an attempt. */
export type Report = Omit<ResultBody, 'v' | 'execution_id' | 'attempt'>;

/** What the router stored of both streams. */
export type StoredOutput = SealedOutput;

/** How an attempt's end moves it and its invocation. */
export interface Ending {
  readonly executionEvent: ExecutionEvent;
  readonly invocationEvent: InvocationEvent;
  readonly cause: EndCause | null;
}

const DEFAULT_CODES = {
  failed: 'tool_exit_nonzero',
  cancelled: 'tool_killed',
  timeout: 'tool_timeout',
  lost: 'tool_killed',
} as const satisfies Record<string, ErrorCode>;

function causeOf(report: Report): EndCause | null {
  if (report.status === 'completed') return null;
  const reported = report.error?.code ?? '';
  const code = isErrorCode(reported) ? reported : DEFAULT_CODES[report.status];
  return { code, message: report.error?.message ?? `the run ended ${report.status}` };
}

function cancelCause({ survivors, error }: Report): EndCause {
  if (survivors.length === 0 && error?.code === 'cancel_unconfirmed')
    return { code: 'cancel_unconfirmed', message: error.message };
  if (survivors.length === 0) return { code: 'cancelled', message: 'cancelled while it ran' };
  return {
    code: 'cancel_unconfirmed',
    message: `cancelled, but processes outlived SIGKILL: ${survivors.join(', ')}`,
  };
}

/** Reads an agent's report: a run that was asked to stop is cancelled only when the agent ended it for that. */
export function endingOf(invocation: InvocationRecord, report: Report): Ending {
  const cause = causeOf(report);
  switch (report.status) {
    case 'completed':
      return { executionEvent: 'complete', invocationEvent: 'complete', cause };
    case 'failed':
      return { executionEvent: 'fail', invocationEvent: 'fail', cause };
    case 'timeout':
      return { executionEvent: 'timeOut', invocationEvent: 'timeOut', cause };
    case 'lost':
      return { executionEvent: 'lose', invocationEvent: 'lose', cause };
    case 'cancelled':
      return invocation.cancelRequestedAt === null
        ? { executionEvent: 'cancel', invocationEvent: 'fail', cause }
        : { executionEvent: 'cancel', invocationEvent: 'confirmCancel', cause: cancelCause(report) };
    default:
      return report.status satisfies never;
  }
}

/** What nobody says anything about. */
export const UNTOLD_MEDIA_TYPE = 'application/octet-stream';

interface Kept {
  readonly told: StreamSummary;
  readonly stored: StoredStream;
  readonly mediaType: string;
}

const digestOf = ({ told, stored, mediaType }: Kept): StreamDigest => ({
  bytes: stored.bytes,
  sha256: stored.sha256,
  truncated: told.truncated,
  masked: told.masked,
  missing: stored.bytes < told.bytes ? [[stored.bytes, told.bytes]] : [],
  media_type: mediaType,
});

/** What is kept with a report. Times in milliseconds. */
interface Keeping {
  readonly stored: StoredOutput;
  readonly now: number;
  readonly retentionMs: number;
  /** What the tool says its standard output is. */
  readonly mediaType: string;
}

/** The record of an attempt with everything its agent reported, still in the state it was in. */
export const withReport = (
  row: ExecutionRecord,
  report: Report,
  { stored, now, retentionMs, mediaType }: Keeping,
): ExecutionRecord => ({
  ...row,
  exitCode: report.status === 'lost' ? null : report.exit_code,
  signal: report.signal,
  endedBy: report.ended_by,
  stdout: digestOf({ told: report.stdout, stored: stored.stdout, mediaType }),
  stderr: digestOf({ told: report.stderr, stored: stored.stderr, mediaType: UNTOLD_MEDIA_TYPE }),
  durationMs: report.duration_ms,
  outputExpiresAt: now + retentionMs,
  startedAt: row.startedAt ?? now,
  endedAt: row.endedAt ?? now,
});

/** What an invocation keeps of the attempt that ended it. */
export const resultOf = (row: ExecutionRecord): InvocationRecord['result'] => ({
  exitCode: row.exitCode,
  signal: row.signal,
  stdoutBytes: row.stdout?.bytes ?? 0,
  stderrBytes: row.stderr?.bytes ?? 0,
  durationMs: row.durationMs ?? 0,
});
