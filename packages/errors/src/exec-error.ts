import { ERROR_CATALOG, type ErrorCode } from './catalog.ts';
import { statusOf } from './status.ts';
import type { ErrorRow, StatusByPlace } from './error-row.ts';

/** What an error carries beside its code. `param` is a JSON pointer into the body or a bare parameter name. */
export interface ExecErrorDetail {
  readonly param?: string;
  /** Which of the two statuses of a code with two is meant. */
  readonly place?: keyof StatusByPlace;
  /** Whole seconds after which it is worth trying again; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** For the log, never for the caller. */
  readonly cause?: unknown;
}

/**
 * The one error that a caller is meant to see. The message is for the caller and holds no secret, path or SQL;
 * the cause is for the log. A broken invariant is a plain `Error` instead and answers `internal`.
 */
export class ExecError extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  /** The HTTP status, or null for codes that no HTTP answer carries. */
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message?: string, detail: ExecErrorDetail = {}) {
    const row: ErrorRow = ERROR_CATALOG[code];
    super(message ?? row.says, { cause: detail.cause });
    this.name = 'ExecError';
    this.code = code;
    this.param = detail.param ?? null;
    this.status = statusOf(code, detail.place);
    this.retryAfterSeconds = detail.retryAfterSeconds ?? null;
  }
}
