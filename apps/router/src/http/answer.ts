import { ExecError, toEnvelope } from '@xem/errors';
import type { Edge, Exchange } from './edge.ts';
import { lingerAtClose } from './middleware/linger.ts';

/** On every answer, so that no browser makes more of it than it is. */
const GUARD_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const JSON_TYPE = 'application/json';

/** Headers every answer starts with. */
export const openHeaders = (requestId: string): Record<string, string> => ({
  'x-request-id': requestId,
  ...GUARD_HEADERS,
});

/** Answers a JSON object. */
export function answerJson({ headers }: Pick<Exchange, 'headers'>, status: number, body: unknown): Response {
  headers['content-type'] = JSON_TYPE;
  return new Response(JSON.stringify(body), { status, headers });
}

const RETRY_SECONDS = 1;

/** What a caller is shown of an error: itself when it was meant for callers, else `internal` and nothing more. */
export function toRefusal(err: unknown): ExecError {
  if (err instanceof ExecError && err.status !== null) return err;
  return new ExecError('internal', undefined, { cause: err });
}

/** Of whoever lost their key while they waited, nothing more is told. */
function forgetRate(headers: Record<string, string>): void {
  for (const name of Object.keys(headers)) if (name.startsWith('x-ratelimit-')) delete headers[name];
}

function refusalHeaders(headers: Record<string, string>, refusal: ExecError): void {
  const { status, retryAfterSeconds } = refusal;
  if (status === 429 || status === 503 || status === 502)
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSeconds ?? RETRY_SECONDS)));
  if (status === 401) {
    headers['www-authenticate'] = 'Bearer';
    forgetRate(headers);
  }
  if (refusal.code === 'payload_too_large') headers['connection'] = 'close';
}

/** Answers an error with its envelope; what no caller is meant to see goes to the log. */
export function answerError(
  { services }: Pick<Edge, 'services'>,
  exchange: Pick<Exchange, 'c' | 'headers' | 'requestId'>,
  err: unknown,
): Response {
  const refusal = toRefusal(err);
  const status = refusal.status ?? 500;
  if (status >= 500) {
    services.log.error('http.failed', {
      requestId: exchange.requestId,
      code: refusal.code,
      err: refusal.cause ?? refusal,
    });
  }
  refusalHeaders(exchange.headers, refusal);
  const incoming = exchange.c.env?.incoming;
  if (refusal.code === 'payload_too_large' && incoming) lingerAtClose(incoming, services.clock);
  return answerJson(exchange, status, toEnvelope(refusal));
}
