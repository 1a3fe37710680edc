import { ERROR_CATALOG, type ErrorCode } from './catalog.ts';
import type { ErrorRow, ErrorType, StatusByPlace } from './error-row.ts';

/** The HTTP status of a code at a place, or null when no HTTP answer carries the code. */
export function statusOf(code: ErrorCode, place: keyof StatusByPlace = 'target'): number | null {
  const { http }: ErrorRow = ERROR_CATALOG[code];
  if (http === undefined) return null;
  return typeof http === 'number' ? http : http[place];
}

/** Every HTTP status a code can answer with. */
export function statusesOf(code: ErrorCode): readonly number[] {
  const { http }: ErrorRow = ERROR_CATALOG[code];
  if (http === undefined) return [];
  return typeof http === 'number' ? [http] : [http.catalogue, http.target];
}

const TYPE_OF_STATUS: ReadonlyMap<number, ErrorType> = new Map([
  [401, 'authentication_error'],
  [402, 'insufficient_quota_error'],
  [403, 'permission_error'],
  [429, 'rate_limit_error'],
  [499, 'cancelled_error'],
]);

/** The type that goes with a status: the OpenAI vocabulary, without the divergences the product admits. */
export function typeOfStatus(status: number): ErrorType {
  return TYPE_OF_STATUS.get(status) ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
}
