import type { ErrorCode } from '@xem/errors';
import type { ApiKeyId, ProjectId } from '@xem/protocol';
import type { Edge, Exchange } from './edge.ts';
import type { RequestTrace } from './request-span.ts';

/** What becomes known of a request on its way, for the log and the meters. */
export interface Trail {
  /** Monotonic, in milliseconds. */
  readonly cameAt: number;
  readonly trace: RequestTrace;
  projectId?: ProjectId;
  keyId?: ApiKeyId;
  code?: ErrorCode;
}

interface Answered {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

type NotedExchange = Pick<Exchange, 'requestId' | 'trail'>;

/** A request that changed nothing and was not refused has its line at `debug`. */
const isQuiet = ({ method, status }: Answered): boolean => method === 'GET' && status < 400;

const FAILED_MIN = 500;

function emitSpan(
  { tracing }: Edge,
  exchange: NotedExchange,
  answered: Answered & { readonly ms: number },
): void {
  const { trace, projectId, code } = exchange.trail;
  if (!trace.span) return;
  const { method, path, status, operation, ms } = answered;
  tracing?.emit({
    name: `${method} /v1${path}`,
    kind: 'server',
    context: trace.span.context,
    parentSpanId: trace.span.parentSpanId,
    startMs: trace.span.startMs,
    endMs: trace.span.startMs + ms,
    attributes: {
      'http.request.method': method,
      'http.route': `/v1${path}`,
      'http.response.status_code': status,
      'xem.operation': operation,
      'xem.request_id': exchange.requestId,
      ...(projectId && { 'xem.project_id': projectId }),
    },
    failure: status >= FAILED_MIN ? (code ?? 'internal') : null,
  });
}

/** Counts a request that was answered, and writes its line to the log. */
export function noteAnswer(edge: Edge, exchange: NotedExchange, answered: Answered): void {
  const { meters, services } = edge;
  const { cameAt, trace, ...known } = exchange.trail;
  const ms = services.clock.monotonic() - cameAt;
  const { operation, status } = answered;
  meters.answered(operation, status, ms);
  if (known.code) meters.refused(known.code);
  if (trace.span) emitSpan(edge, exchange, { ...answered, ms });
  const fields = { requestId: exchange.requestId, operation, status, ms: Math.round(ms * 10) / 10, ...known };
  if (isQuiet(answered)) services.log.debug('http.answered', fields);
  else services.log.info('http.answered', fields);
}
