/** A place in a trace, as the W3C header `traceparent` names it. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Whoever began the trace wants it to be kept. */
  readonly isSampled: boolean;
}

const FORM = /^[0-9a-f]{2}-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})$/;
const SAMPLED = 1;
const SPAN_DIGITS = 16;

/** Reads a `traceparent`; null when it is none. */
export function readTraceparent(text: string | null): TraceContext | null {
  const { traceId, spanId, flags } = FORM.exec(text ?? '')?.groups ?? {};
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/** Writes a `traceparent`. */
export const writeTraceparent = ({ traceId, spanId, isSampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;

/**
 * The span of what has a UUID: the random half of it. So a span that lasts for days, over restarts, is known by all
 * who speak of it before it is over.
 */
export const spanIdOf = (uuid: string): string => uuid.replaceAll('-', '').slice(-SPAN_DIGITS);

/** The same trace at the span of what has a UUID; what is no `traceparent` stays as it is. */
export function traceparentAt(traceparent: string | null, uuid: string): string | null {
  const context = readTraceparent(traceparent);
  return context === null ? traceparent : writeTraceparent({ ...context, spanId: spanIdOf(uuid) });
}
