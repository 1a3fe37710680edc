import { ERROR_CATALOG, ERROR_CODES, ExecError, statusesOf, toEnvelope, type ErrorCode } from '@xem/errors';
import { pathParameters, type Operation } from '@xem/protocol';
import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import { answerHeaders } from './headers.ts';

const RetryStrategy = z
  .object({
    type: z.literal('exponential'),
    initial_delay_ms: z.int(),
    max_delay_ms: z.int(),
    multiplier: z.number(),
    jitter: z.number().min(0).max(1),
  })
  .meta({ id: 'RetryStrategy' });

/** What every refused request answers. */
export const ErrorEnvelope = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      code: z.enum(ERROR_CODES),
      param: z.string().nullable(),
      retry_after: z.int().min(1).optional(),
      retry_strategy: RetryStrategy.optional(),
    }),
  })
  .meta({ id: 'ErrorEnvelope' });

/** A workspace that is named wrongly, or not at all, has codes of its own wherever one is taken. */
const workspaceCodes = ({ input, path }: Operation): readonly ErrorCode[] => {
  const { workspace_id: member } = input.shape;
  if (member === undefined) return [];
  const isThere = pathParameters(path).includes('workspace_id') || z.safeParse(member, undefined).success;
  return isThere ? ['invalid_workspace_id'] : ['missing_workspace_id', 'invalid_workspace_id'];
};

/** Codes any request to an operation may answer, by what it needs. */
function commonCodes(operation: Operation): readonly ErrorCode[] {
  const open = ['payload_too_large', 'invalid_body', 'unavailable', 'internal'] as const;
  if (operation.scope === 'none') return open;
  return [
    'authentication_required',
    'cross_project_access',
    'scope_insufficient',
    'endpoint_restricted',
    'rate_limit_exceeded',
    ...workspaceCodes(operation),
    ...open,
  ];
}

/** The statuses a code has in the answers of an operation: of two, that of the place the operation is. */
function statusesIn({ id }: Operation, code: ErrorCode): readonly number[] {
  const statuses = statusesOf(code);
  const [catalogue, target] = statuses;
  if (catalogue === undefined || target === undefined) return statuses;
  return [id.startsWith('tool.') ? catalogue : target];
}

/** Codes by the status they are answered with; of a range beyond the end the status is HTTP's own. */
function codesByStatus(operation: Operation): ReadonlyMap<number, readonly ErrorCode[]> {
  const byStatus = new Map<number, readonly ErrorCode[]>();
  for (const code of new Set([...operation.errors, ...commonCodes(operation)])) {
    for (const status of statusesIn(operation, code))
      byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  if (operation.headers?.includes('Range')) byStatus.set(416, ['invalid_body']);
  return byStatus;
}

const sayCode = (code: ErrorCode): string => `\`${code}\`: ${ERROR_CATALOG[code].says}`;

/** The refusals of an operation by status; the examples of each are its codes. */
export function refusalsOf(operation: Operation): ZodOpenApiResponsesObject {
  const rows = [...codesByStatus(operation)].map(([status, codes]) => {
    const examples = Object.fromEntries(
      codes.map((code) => [code, { $ref: `#/components/examples/${code}` }] as const),
    );
    const answer = {
      description: codes.map(sayCode).join('\n\n'),
      headers: answerHeaders(status, operation),
      content: { 'application/json': { schema: ErrorEnvelope, examples } },
    };
    return [String(status), answer] as const;
  });
  return Object.fromEntries(rows);
}

const exampleOf = (code: ErrorCode) => ({
  summary: ERROR_CATALOG[code].says,
  value: toEnvelope(new ExecError(code)),
});

/** An answer for each code that some operation has, by the code: what the answers of operations refer to. */
export function errorExamples(operations: readonly Operation[]) {
  const used = new Set(operations.flatMap((operation) => [...operation.errors, ...commonCodes(operation)]));
  return Object.fromEntries([...used].map((code) => [code, exampleOf(code)] as const));
}
