import type { ErrorCode } from '@xem/errors';
import type { ApiKeyId, ProjectId } from '@xem/protocol';
import type { Edge, Exchange } from './edge.ts';

/** What becomes known of a request on its way, for the log and the meters. */
export interface Trail {
  /** Monotonic, in milliseconds. */
  readonly cameAt: number;
  projectId?: ProjectId;
  keyId?: ApiKeyId;
  code?: ErrorCode;
}

interface Answered {
  readonly operation: string;
  readonly method: string;
  readonly status: number;
}

/** A request that changed nothing and was not refused has its line at `debug`. */
const isQuiet = ({ method, status }: Answered): boolean => method === 'GET' && status < 400;

/** Counts a request that was answered, and writes its line to the log. */
export function noteAnswer(
  { meters, services: { clock, log } }: Edge,
  { requestId, trail }: Pick<Exchange, 'requestId' | 'trail'>,
  answered: Answered,
): void {
  const { cameAt, ...known } = trail;
  const ms = clock.monotonic() - cameAt;
  const { operation, status } = answered;
  meters.answered(operation, status, ms);
  if (known.code) meters.refused(known.code);
  const fields = { requestId, operation, status, ms: Math.round(ms * 10) / 10, ...known };
  if (isQuiet(answered)) log.debug('http.answered', fields);
  else log.info('http.answered', fields);
}
