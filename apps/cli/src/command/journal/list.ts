import { ROUTES } from '@xem/client';
import { UUID_FORM } from '@xem/protocol';
import { sinceTime } from '../../time.ts';
import { command } from '../command.ts';
import { id, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { JOURNAL_COLUMNS } from './columns.ts';

export const list = command({
  flags: {
    ...PAGING,
    types: text('TYPES', 'Only entries of these types, with commas between'),
    invocation: id(UUID_FORM, 'Only entries of this invocation'),
    since: text('TIME', 'Only entries after this: 2h ago, or an instant'),
    until: text('TIME', 'Only entries before this'),
  },
  run: async (session, { flags }) => {
    const { clock } = session.io;
    const since = sinceTime(flags.since, clock);
    const until = sinceTime(flags.until, clock, 'until');
    const page = await session.list(async (request) => {
      const input = {
        ...request,
        types: flags.types,
        invocation_id: flags.invocation,
        created_after: since,
        created_before: until,
      };
      const { data } = await session.call(ROUTES['journal.list'], input);
      return data;
    });
    await session.print.list(page, JOURNAL_COLUMNS);
  },
});
