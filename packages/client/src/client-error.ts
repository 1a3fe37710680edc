import { ERROR_CATALOG, isErrorCode, type ErrorRow } from '@xem/errors';

/** How a call failed: the router refused it, could not be reached, was too slow, or did not make sense. */
export type FailureKind = 'refused' | 'unreachable' | 'deadline' | 'malformed';

interface ClientErrorDetail {
  readonly kind: FailureKind;
  /** A code of the catalogue, or one that a newer router made up. */
  readonly code: string;
  readonly message: string;
  readonly status?: number | undefined;
  readonly requestId?: string | null | undefined;
  readonly param?: string | null | undefined;
  readonly retryAfterSeconds?: number | null | undefined;
  readonly location?: string | null | undefined;
  readonly cause?: unknown;
}

/** The one error that a client throws, but for the reason of a caller's own abort. */
export class ClientError extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly requestId: string | null;
  readonly param: string | null;
  readonly retryAfterSeconds: number | null;
  /** Where the thing is that was made although the answer is an error: a cancelled call that was waited for. */
  readonly location: string | null;
  /** The row of the code; null when this client does not know the code. */
  readonly row: ErrorRow | null;

  constructor(detail: ClientErrorDetail) {
    super(detail.message, { cause: detail.cause });
    this.name = 'ClientError';
    this.kind = detail.kind;
    this.code = detail.code;
    this.status = detail.status ?? null;
    this.requestId = detail.requestId ?? null;
    this.param = detail.param ?? null;
    this.retryAfterSeconds = detail.retryAfterSeconds ?? null;
    this.location = detail.location ?? null;
    this.row = isErrorCode(detail.code) ? ERROR_CATALOG[detail.code] : null;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.kind === 'unreachable' || (this.kind !== 'deadline' && this.row?.retry === 'backoff');
  }
}

/** What a call that outlasts its own deadline throws; no code of the catalogue says that. */
export const deadlineError = (timeoutMs: number): ClientError =>
  new ClientError({
    kind: 'deadline',
    code: 'deadline_exceeded',
    message: `no answer within ${timeoutMs / 1000} s`,
  });

/** What a request throws that no router answered. `cause` is the error of the socket. */
export function unreachableError(baseUrl: string, cause: unknown): ClientError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = inner instanceof Error ? reasonOf(inner) : String(inner);
  return new ClientError({
    kind: 'unreachable',
    code: 'unavailable',
    message: `the router at ${baseUrl} cannot be reached: ${why}`,
    cause,
  });
}

function reasonOf(error: Error): string {
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  return first.message || ('code' in first ? String(first.code) : first.name);
}
