import { ERROR_CATALOG, ERROR_CODES, statusesOf, type ErrorCode } from '@xem/errors';
import type { Operation } from '@xem/protocol';
import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { takesBody } from '../input.ts';
import { answerHeaders } from './headers.ts';

const JSON_TYPE = 'application/json';

const MEDIA_TYPES: Readonly<Record<Operation['answers'], string>> = {
  json: JSON_TYPE,
  stream: 'text/event-stream',
  blob: 'application/octet-stream',
};

const RetryStrategy = z
  .object({
    type: z.literal('exponential'),
    initial_delay_ms: z.int(),
    max_delay_ms: z.int(),
    multiplier: z.number(),
    jitter: z.number(),
  })
  .meta({ id: 'RetryStrategy' });

const ErrorEnvelope = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      code: z.enum(ERROR_CODES),
      param: z.string().nullable(),
      retry_after: z.int().optional(),
      retry_strategy: RetryStrategy.optional(),
    }),
  })
  .meta({ id: 'ErrorEnvelope' });

/** Codes any request to an operation may answer, by what it needs. */
function commonCodes(operation: Operation): readonly ErrorCode[] {
  if (operation.scope === 'none') return ['payload_too_large', 'invalid_body', 'unavailable', 'internal'];
  const keyed = [
    'authentication_required',
    'cross_project_access',
    'scope_insufficient',
    'endpoint_restricted',
  ] as const;
  const sized = takesBody(operation) ? (['payload_too_large'] as const) : [];
  return [...keyed, ...sized, 'rate_limit_exceeded', 'invalid_body', 'unavailable', 'internal'];
}

/** Statuses beside the usual one that a success may have, and when. */
function otherSuccesses({ id, method, headers = [] }: Operation): Readonly<Record<number, string>> {
  if (id === 'invocation.cancel') return { 202: 'It runs and is being stopped.' };
  if (headers.includes('Range'))
    return { 206: 'One range of the bytes.', 304: 'They are those the client has.' };
  const waits = method === 'POST' && headers.includes('Prefer');
  return waits ? { 200: 'A replay, a plan, or the end of the wait.', 202: 'The wait ran out first.' } : {};
}

function successes(operation: Operation): ZodOpenApiResponsesObject {
  const usual = { [operation.status ?? 200]: 'As asked.' };
  const content = { [MEDIA_TYPES[operation.answers]]: { schema: operation.output } };
  const rows = Object.entries({ ...usual, ...otherSuccesses(operation) }).map(([status, description]) => {
    const body = status === '304' ? {} : { content };
    return [status, { description, headers: answerHeaders(Number(status), operation), ...body }];
  });
  return Object.fromEntries(rows);
}

const sayCode = (code: ErrorCode): string => `\`${code}\`: ${ERROR_CATALOG[code].says}`;

function refusals(operation: Operation): ZodOpenApiResponsesObject {
  const codes = [...new Set([...operation.errors, ...commonCodes(operation)])];
  const statuses = [...new Set(codes.flatMap(statusesOf))];
  const content = { [JSON_TYPE]: { schema: ErrorEnvelope } };
  const rows = statuses.map((status) => {
    const said = codes.filter((code) => statusesOf(code).includes(status)).map(sayCode);
    return [status, { description: said.join('\n\n'), headers: answerHeaders(status, operation), content }];
  });
  return Object.fromEntries(rows);
}

/** Every answer of an operation: its successes, and its errors by status. */
export const responsesOf = (operation: Operation): ZodOpenApiResponsesObject => ({
  ...successes(operation),
  ...refusals(operation),
});
