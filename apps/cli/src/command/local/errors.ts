import { ClientError, ROUTES, type Output } from '@xem/client';
import { ERROR_CATALOG, ERROR_CODES, statusesOf, typeOfStatus, type ErrorRow } from '@xem/errors';
import { EXIT, UsageError } from '../../exit.ts';
import { renderObject } from '../../render/detail.ts';
import { remedyOf } from '../../remedy.ts';
import type { Column } from '../../render/table.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { optionalArgument } from '../flag.ts';

type List = Output<'error.list'>;
type Description = List['data'][number];

const FIRST = ['code', 'message', 'in_xeroctl', 'operator_action'];

const COLUMNS: readonly Column<Description>[] = [
  { title: 'Code', of: ({ code }) => code },
  { title: 'HTTP', of: ({ http }) => http.join(' / ') },
  { title: 'Retry', of: ({ retry }) => retry },
  { title: 'Exit', of: (row) => row.exit_code },
  { title: 'Meaning', of: ({ message }) => message, wide: true, elastic: true },
];

/** The catalogue this program was built with, in the form of the router's. */
function ownCatalogue(): List {
  const data = ERROR_CODES.map((code): Description => {
    const row: ErrorRow = ERROR_CATALOG[code];
    const http = [...statusesOf(code)];
    const [status] = http;
    return {
      object: 'error',
      code,
      surface: row.surface,
      http,
      type: status === undefined ? null : typeOfStatus(status),
      retry: row.retry,
      exit_code: row.exit,
      message: row.says,
      operator_action: row.fix,
    };
  });
  return { object: 'list', data, has_more: false, next_cursor: null };
}

/** The router's catalogue; the own one when there is no router to ask. */
async function catalogue(session: Session): Promise<List> {
  try {
    return (await session.call(ROUTES['error.list'], {})).data;
  } catch (error) {
    const away =
      error instanceof UsageError || (error instanceof ClientError && error.kind === 'unreachable');
    if (!away) throw error;
    await session.print.note(`Without a router: the catalogue of this xeroctl (${error.message})`);
    return ownCatalogue();
  }
}

export const errors = command({
  args: { code: optionalArgument('CODE', 'Explain this code') },
  run: async (session, { args }) => {
    const list = await catalogue(session);
    if (args.code === undefined) {
      await session.print.list(list, COLUMNS);
      return EXIT.ok;
    }
    const row = list.data.find(({ code }) => code === args.code);
    if (!row) throw new UsageError(`there is no code ${args.code}; without a code, errors lists them all`);
    const remedy = remedyOf(row.code);
    await session.print.object(row, {
      text: (layout) =>
        renderObject(remedy === null ? row : { ...row, in_xeroctl: remedy }, { first: FIRST }, layout),
    });
    return EXIT.ok;
  },
});
