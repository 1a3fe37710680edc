import type { IdSource } from '../id.ts';
import type { Log } from '../log.ts';
import { readTraceparent, type TraceContext } from './trace-context.ts';

/** What took time, once it is over. Never a secret, never arguments or output. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: 'server' | 'internal' | 'producer' | 'consumer';
  readonly context: TraceContext;
  /** The span that caused it, of the same trace; null for the first one. */
  readonly parentSpanId: string | null;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Why it went wrong, in a word; null when it did not. */
  readonly failure: string | null;
}

/** Brings spans to whoever collects them. */
export interface Tracing {
  /** Hands over a span; one that is not sampled goes nowhere. */
  emit(span: FinishedSpan): void;
  /** Sends what is left, as far as it goes in a moment. */
  close(): Promise<void>;
}

/** What a program says of itself with its spans. */
export interface TracingOptions {
  readonly service: string;
  readonly version: string;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

/** Tracing where the environment names a collector. The code of OpenTelemetry is loaded only then. */
export async function openTracing(options: TracingOptions): Promise<Tracing | null> {
  const { env } = options;
  if (env['OTEL_SDK_DISABLED'] === 'true' || !ENDPOINTS.some((name) => env[name])) return null;
  const { exportSpans } = await import('./export.ts');
  return exportSpans(options);
}

const SPAN_BYTES = 8;
const TRACE_BYTES = 16;

/** A new span below a `traceparent`, or the first one of a new trace. */
export function childContext(
  ids: Pick<IdSource, 'hex'>,
  traceparent: string | null,
): { readonly context: TraceContext; readonly parentSpanId: string | null } {
  const parent = readTraceparent(traceparent);
  const spanId = ids.hex(SPAN_BYTES);
  if (parent) return { context: { ...parent, spanId }, parentSpanId: parent.spanId };
  return { context: { traceId: ids.hex(TRACE_BYTES), spanId, isSampled: true }, parentSpanId: null };
}
