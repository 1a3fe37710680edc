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

const word = { type: 'string' };
const integer = { type: 'integer', minimum: 0 };
const must = (description: string, schema: object = word) => ({ description, required: true, schema });
const may = (description: string, schema: object = word) => ({ description, schema });

/** Headers of answers, by the names their references use; those that are `required` are never left out. */
export const ANSWER_HEADERS = {
  'X-Request-ID': must('The id of the request: the one sent, or a new one.', {
    type: 'string',
    pattern: '^[A-Za-z0-9._-]{1,128}$',
  }),
  'X-RateLimit-Limit': may('Requests a minute the key may send.', integer),
  'X-RateLimit-Remaining': may('How many of them are left.', integer),
  'X-RateLimit-Reset': may('Seconds until they are full again.', integer),
  'Retry-After': must('Seconds after which it is worth trying again.', { type: 'integer', minimum: 1 }),
  'WWW-Authenticate': must('How to authenticate.', { type: 'string', const: 'Bearer' }),
  Location: must('Where the invocation is read.', { type: 'string', format: 'uri-reference' }),
  'Idempotent-Replayed': may('The request was answered before; this is the invocation as it is now.', {
    type: 'string',
    const: 'true',
  }),
  'Preference-Applied': may('How long the answer was waited for at most.', {
    type: 'string',
    pattern: '^wait=\\d+$',
  }),
  ETag: must('The SHA-256 of all bytes of the stream, in quotes.', {
    type: 'string',
    pattern: '^"[0-9a-f]{64}"$',
  }),
  'X-Content-SHA256': must('The SHA-256 of all bytes of the stream.', {
    type: 'string',
    pattern: '^[0-9a-f]{64}$',
  }),
  'Accept-Ranges': must('That ranges are honoured.', { type: 'string', const: 'bytes' }),
  'Content-Range': must('Which bytes these are, and of how many.', {
    type: 'string',
    pattern: '^bytes (?:\\d+-\\d+|\\*)/\\d+$',
  }),
  'X-Exec-Truncated': may('Some of the output was not kept.', { type: 'string', const: 'true' }),
} as const;

type AnswerHeader = keyof typeof ANSWER_HEADERS;

const refer = (names: readonly AnswerHeader[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const COUNTED = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'] as const;
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503]);
const OF_BYTES = ['ETag', 'X-Content-SHA256', 'Accept-Ranges', 'X-Exec-Truncated'] as const;

/** What an answer about one range, or all, of some bytes tells. */
function ofRanges(status: number): readonly AnswerHeader[] {
  if (status === 206 || status === 416) return [...OF_BYTES, 'Content-Range'];
  return status < 400 ? OF_BYTES : [];
}

/** A plan is answered with 200 too, and is kept nowhere. */
const OPTIONAL_LOCATION = { Location: { ...ANSWER_HEADERS.Location, required: false } } as const;

/** What an answer to a call that was let in tells. */
function ofAdmission(status: number) {
  if (status === 200) return OPTIONAL_LOCATION;
  if (status === 201 || status === 202 || status === 499)
    return refer(['Location', ...(status === 201 ? [] : (['Idempotent-Replayed'] as const))]);
  return {};
}

/** The headers of an answer with some status. */
export function answerHeaders(status: number, { scope, headers = [] }: Pick<Operation, 'scope' | 'headers'>) {
  const counted = scope === 'none' || status === 401 ? [] : COUNTED;
  const retried = RETRIED.has(status) ? (['Retry-After'] as const) : [];
  const refused = status === 401 ? (['WWW-Authenticate'] as const) : [];
  const waited = headers.includes('Prefer') && (status < 300 || status === 499);
  return {
    ...refer(['X-Request-ID', ...counted, ...retried, ...refused]),
    ...(waited && refer(['Preference-Applied'])),
    ...(headers.includes('Idempotency-Key') && status === 200 && refer(['Idempotent-Replayed'])),
    ...(headers.includes('Idempotency-Key') && headers.includes('Prefer') && ofAdmission(status)),
    ...(headers.includes('Range') && refer(ofRanges(status))),
  };
}
