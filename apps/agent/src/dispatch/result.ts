import {
  sha256Hex,
  type AttemptKey,
  type OutputStream,
  type ResultBody,
  type StreamSummary,
} from '@xem/protocol';
import type { Log } from '@xem/runtime';
import type { Run, RunEnd } from '../run/run.ts';

const NOTHING: StreamSummary = { bytes: 0, sha256: sha256Hex(''), truncated: false, masked: 0 };

/** The end of an attempt that cannot be accounted for: it may or may not have taken effect. */
export const lostResult = (key: AttemptKey, message: string): ResultBody => ({
  v: 1,
  ...key,
  status: 'lost',
  ended_by: 'unknown',
  exit_code: null,
  signal: null,
  duration_ms: 0,
  error: { code: 'agent_lost', message },
  stdout: NOTHING,
  stderr: NOTHING,
  survivors: [],
});

type Stored = Readonly<Record<OutputStream, number>>;

/** Nobody can say that all is well with a call whose output is not all there. */
function unvouched(end: RunEnd, why: string): RunEnd {
  if (end.status !== 'completed') return end;
  const message = `the tool ended with status 0, but ${why}`;
  return { ...end, status: 'lost', error: { code: 'agent_lost', message } };
}

/** The result as it may be told to a router that has so much of the output: more than the host has is not vouched for. */
export function vouchFor(result: ResultBody, stored: Stored): ResultBody {
  const isCut = stored.stdout > result.stdout.bytes || stored.stderr > result.stderr.bytes;
  return isCut ? { ...result, ...unvouched(result, 'its output on the host was cut') } : result;
}

/** How a run ended, once it has; never rejects. */
export async function resultOf(run: Run, log: Log): Promise<ResultBody> {
  const end = await run.ended;
  try {
    const [stdout, stderr] = await Promise.all([run.stdout.summary(), run.stderr.summary()]);
    return { v: 1, ...run.key, ...end, stdout, stderr };
  } catch (err) {
    log.error('attempt.output_unreadable', { ...run.key, err });
    const known = unvouched(end, 'its output on the host was removed, cut, or cannot be read');
    return { v: 1, ...run.key, ...known, stdout: NOTHING, stderr: NOTHING };
  }
}
