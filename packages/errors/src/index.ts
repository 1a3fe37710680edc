export { ERROR_CATALOG, ERROR_CODES, isErrorCode, type ErrorCode } from './catalog.ts';
export type { ErrorRow, ErrorSurface, ErrorType, Retry, StatusByPlace } from './error-row.ts';
export { ExecError, type ExecErrorDetail } from './exec-error.ts';
export { toEnvelope, type ErrorEnvelope, type RetryStrategy } from './envelope.ts';
export { statusOf, statusesOf, typeOfStatus } from './status.ts';
