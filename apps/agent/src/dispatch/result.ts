import { sha256Hex, type AttemptKey, type ResultBody, type StreamSummary } from '@xem/protocol';
import type { Log } from '@xem/runtime';
import type { Run } from '../run/run.ts';

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

/** How a run ended, once it has; never rejects. */
export async function resultOf(run: Run, log: Log): Promise<ResultBody> {
  const end = await run.ended;
  try {
    const [stdout, stderr] = await Promise.all([run.stdout.summary(), run.stderr.summary()]);
    return { v: 1, ...run.key, ...end, stdout, stderr };
  } catch (err) {
    log.error('attempt.output_unreadable', { ...run.key, err });
    return lostResult(run.key, 'the output on the host could not be read');
  }
}
