import type { Operation } from '@xem/protocol';
import { z } from 'zod';

type RequestHeader = NonNullable<Operation['headers']>[number];

const text = (description: string): z.ZodType => z.string().optional().meta({ description });

/** What each request header means where an operation honours it. */
const REQUEST_HEADERS: Readonly<Record<RequestHeader, z.ZodType>> = {
  'Idempotency-Key': text(
    '1 to 255 printable characters. The same key with the same body makes one invocation.',
  ),
  Prefer: text('`wait=N`: answer at the end of the invocation, or after N seconds, at most 60.'),
  Range: text('`bytes=FROM-TO`: one range of the bytes.'),
  'Last-Event-ID': text('The `id` of the last event that was seen; the stream goes on after it.'),
};

/** The schema of the headers an operation honours; undefined when it honours none beyond the usual. */
export function requestHeaders({ headers = [] }: Operation): z.ZodObject | undefined {
  if (headers.length === 0) return undefined;
  return z.object(Object.fromEntries(headers.map((name) => [name, REQUEST_HEADERS[name]])));
}

const header = (description: string, schema: object = { type: 'string' }) => ({ description, schema });
const integer = { type: 'integer' };

/** Headers of answers, by the names their references use. */
export const ANSWER_HEADERS = {
  'X-Request-ID': header('The id of the request: the one sent, or a new one.'),
  'X-RateLimit-Limit': header('Requests a minute the key may send.', integer),
  'X-RateLimit-Remaining': header('How many of them are left.', integer),
  'X-RateLimit-Reset': header('Seconds until they are full again.', integer),
  'Retry-After': header('Seconds after which it is worth trying again.', integer),
} as const;

const refer = (names: readonly (keyof typeof ANSWER_HEADERS)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const COUNTED = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'] as const;

/** The headers of an answer with some status. */
export function answerHeaders(status: number, { scope }: Pick<Operation, 'scope'>) {
  const counted = scope === 'none' || status === 401 ? [] : COUNTED;
  const retried = status === 429 || status === 502 || status === 503 ? (['Retry-After'] as const) : [];
  return refer(['X-Request-ID', ...counted, ...retried]);
}
