import type { CallToolResult } from '@modelcontextprotocol/server';
import { ClientError } from '@xem/client';
import { ERROR_CATALOG, type ErrorCode } from '@xem/errors';
import { z } from 'zod';

/** What `structuredContent` holds when a call is refused: the envelope's members, and what to do. */
export const Refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    param: z.string().nullable(),
    request_id: z.string().nullable(),
    retryable: z.boolean(),
    what_to_do: z.string(),
  }),
});
type Refusal = z.infer<typeof Refusal>;

const NO_ROW = 'Read the message; the code is not one that this server knows.';
const NO_ANSWER =
  'It is unknown whether the router took the call. List executions or invocations before you call again.';

function answer(refusal: Refusal): CallToolResult {
  const { code, message, what_to_do: remedy } = refusal.error;
  return {
    isError: true,
    content: [{ type: 'text', text: `${code}: ${message}\n${remedy}` }],
    structuredContent: { ...refusal },
  };
}

function whatToDo(error: ClientError): string {
  if (error.kind === 'deadline') return NO_ANSWER;
  const after = error.retryAfterSeconds === null ? '' : ` Try again after ${error.retryAfterSeconds} s.`;
  return `${error.row?.fix ?? NO_ROW}${after}`;
}

/** The answer to a call that the router refused, or that did not reach it. */
export const refuse = (error: ClientError): CallToolResult =>
  answer({
    error: {
      code: error.code,
      message: error.message,
      param: error.param,
      request_id: error.requestId,
      retryable: error.retryable,
      what_to_do: whatToDo(error),
    },
  });

/** An error of this server's own, of the catalogue. */
export const ownError = (code: ErrorCode, message: string, param: string | null = null): ClientError =>
  new ClientError({ kind: 'refused', code, message, param });

/** The answer to arguments that a tool's schema refuses. */
export function refuseArguments({ issues }: z.ZodError): CallToolResult {
  const issue = issues[0];
  const param = `/${(issue?.path ?? []).map(String).join('/')}`;
  return answer({
    error: {
      code: 'invalid_body',
      message: `${param}: ${issue?.message ?? 'is not valid'}`,
      param,
      request_id: null,
      retryable: false,
      what_to_do: ERROR_CATALOG.invalid_body.fix,
    },
  });
}
