import {
  ERROR_CATALOG,
  ERROR_CODES,
  statusesOf,
  typeOfStatus,
  type ErrorCode,
  type ErrorSurface,
} from '@xem/errors';
import { code, codes, page, table } from '../markdown.ts';

const SURFACES: readonly {
  readonly surface: ErrorSurface;
  readonly title: string;
  readonly intro: string;
}[] = [
  {
    surface: 'http',
    title: 'Answers of the HTTP API',
    intro:
      'Every refused request answers `{"error":{"message","type","code","param"}}`. Switch on `code`: it never changes its meaning. `param` is a JSON pointer into the body, the bare name of a query parameter or header, or `null`. A 429 also carries `retry_after` and `retry_strategy`.',
  },
  {
    surface: 'enrollment',
    title: 'Answers on the enrollment socket',
    intro: 'Never an HTTP answer. All are final: the agent prints the code and what to do, and exits 78.',
  },
  {
    surface: 'execution',
    title: 'Why an invocation ended',
    intro:
      'Found in `error.code` of an invocation or an execution. `cancelled` and `approval_stale` of the first table are met here too.',
  },
];

const RETRY = { never: 'no', backoff: 'yes, with growing pauses', after_top_up: 'after a top-up' } as const;

function rowOf(name: ErrorCode): readonly string[] {
  const { retry, exit, says, fix } = ERROR_CATALOG[name];
  const statuses = statusesOf(name);
  const types = [...new Set(statuses.map(typeOfStatus))];
  return [code(name), statuses.join(' / ') || '–', codes(types), RETRY[retry], `${exit}`, says, fix];
}

const HEAD = ['Code', 'HTTP', 'Type', 'Retry', '`xeroctl` exit', 'Meaning', 'What to do'];

/** The reference of error codes. */
export const errorsPage = (): string =>
  page(
    'Error codes',
    SURFACES.flatMap(({ surface, title, intro }) => [
      `## ${title}`,
      intro,
      table(HEAD, ERROR_CODES.filter((name) => ERROR_CATALOG[name].surface === surface).map(rowOf)),
    ]),
  );
