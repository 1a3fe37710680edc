/** The OpenAI vocabulary of error types; it follows from the status without exception. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'insufficient_quota_error'
  | 'rate_limit_error'
  | 'cancelled_error'
  | 'server_error';

/** Where a code can be met: an HTTP answer, an enrollment answer, or the `error` of an ended invocation. */
export type ErrorSurface = 'http' | 'enrollment' | 'execution';

/** A code that two places answer differently: reading the catalogue, naming an invocation's target. */
export interface StatusByPlace {
  readonly catalogue: number;
  readonly target: number;
}

/** When a caller may repeat what was refused. */
export type Retry = 'never' | 'backoff' | 'after_top_up';

/**
 * One code of the catalogue. `http` is absent where no HTTP answer carries the code; `exit` is what
 * `xeroctl` ends with; `says` is the meaning, `fix` the operator's next step.
 */
export interface ErrorRow {
  readonly surface: ErrorSurface;
  readonly http?: number | StatusByPlace;
  readonly retry: Retry;
  readonly exit: number;
  readonly says: string;
  readonly fix: string;
}
