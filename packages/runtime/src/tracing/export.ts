import { SECOND_MS } from '@xem/protocol';
import { SpanKind, SpanStatusCode, TraceFlags, type HrTime, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../log.ts';
import type { FinishedSpan, Tracing, TracingOptions } from './tracing.ts';

/** A stop waits no longer for a collector that does not answer. */
const CLOSE_MS = 3000;

const KINDS = {
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const MS_NANOS = 1e6;

const toHrTime = (ms: number): HrTime => [
  Math.floor(ms / SECOND_MS),
  Math.round((ms % SECOND_MS) * MS_NANOS),
];

const toSpanContext = ({ traceId, isSampled }: FinishedSpan['context'], spanId: string): SpanContext => ({
  traceId,
  spanId,
  traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
});

const statusOf = (failure: string | null): ReadableSpan['status'] =>
  failure === null ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: failure };

/** A span of ours as the library takes one that is over; it began in another process, or days ago. */
function toReadable(span: FinishedSpan, resource: Resource): ReadableSpan {
  const { context, parentSpanId, startMs, endMs } = span;
  const end = Math.max(startMs, endMs);
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => toSpanContext(context, context.spanId),
    ...(parentSpanId !== null && { parentSpanContext: toSpanContext(context, parentSpanId) }),
    startTime: toHrTime(startMs),
    endTime: toHrTime(end),
    duration: toHrTime(end - startMs),
    status: statusOf(span.failure),
    attributes: { ...span.attributes },
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'xem' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** A collector that is away shows in the log. */
function withFailuresLogged(exporter: SpanExporter, log: Log): SpanExporter {
  return {
    export: (spans, told) =>
      exporter.export(spans, (result) => {
        if (result.error) log.warn('traces.not_exported', { spans: spans.length, why: result.error.message });
        told(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

/** Sends spans over OTLP/HTTP to where the variables of OpenTelemetry say, in batches. */
export function exportSpans({ service, version, log }: TracingOptions): Tracing {
  const own = resourceFromAttributes({ 'service.name': service, 'service.version': version });
  const resource = own.merge(detectResources({ detectors: [envDetector] }));
  const exporter = withFailuresLogged(new OTLPTraceExporter(), log);
  const processor = new BatchSpanProcessor({ exporter });
  return {
    emit: (span) => {
      if (span.context.isSampled) processor.onEnd(toReadable(span, resource));
    },
    close: async () => {
      const enough = new Promise<void>((resolve) => void setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([processor.shutdown(), enough]);
    },
  };
}
