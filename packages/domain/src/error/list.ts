import {
  ERROR_CATALOG,
  ERROR_CODES,
  statusesOf,
  typeOfStatus,
  type ErrorCode,
  type ErrorRow,
} from '@xem/errors';
import type { listErrors, OutputOf } from '@xem/protocol';

type ErrorPage = OutputOf<typeof listErrors>;

function describe(code: ErrorCode): ErrorPage['data'][number] {
  const row: ErrorRow = ERROR_CATALOG[code];
  const statuses = [...statusesOf(code)];
  const [status] = statuses;
  return {
    object: 'error',
    code,
    surface: row.surface,
    http: statuses,
    type: status === undefined ? null : typeOfStatus(status),
    retry: row.retry,
    exit_code: row.exit,
    message: row.says,
    operator_action: row.fix,
  };
}

/** The catalogue of errors, whole. */
export const list = async (): Promise<ErrorPage> => ({
  object: 'list',
  data: ERROR_CODES.map(describe),
  has_more: false,
  next_cursor: null,
});
