import { childContext, readTraceparent, writeTraceparent, type TraceContext } from '@xem/runtime/tracing';
import type { Edge, HttpContext } from './edge.ts';
import { traceparentOf } from './middleware/headers.ts';

/** Where a request stands in a trace. */
export interface RequestTrace {
  /** What goes on with the call: the request's own span where there is one, else what the client sent. */
  readonly traceparent: string | null;
  /** The request's own span; null when nobody collects, or the client does not want its trace kept. */
  readonly span: {
    readonly context: TraceContext;
    readonly parentSpanId: string | null;
    readonly startMs: number;
  } | null;
}

/** Takes over the trace that a client is in, or begins one where traces are collected. */
export function traceOf(
  { tracing, services: { ids, clock } }: Pick<Edge, 'tracing' | 'services'>,
  c: HttpContext,
): RequestTrace {
  const given = traceparentOf(c.req.header('traceparent'));
  if (!tracing || readTraceparent(given)?.isSampled === false) return { traceparent: given, span: null };
  const { context, parentSpanId } = childContext(ids, given);
  return {
    traceparent: writeTraceparent(context),
    span: { context, parentSpanId, startMs: clock.now() },
  };
}
