import { ROUTES } from '@xem/client';
import { UUID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { id, text } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { JOURNAL_COLUMNS } from './columns.ts';

export const list = command({
  flags: {
    ...PAGING,
    types: text('TYPES', 'Only entries of these types, with commas between'),
    invocation: id(UUID_FORM, 'Only entries of this invocation'),
  },
  run: async (session, { flags }) => {
    const page = await session.list(async (request) => {
      const input = { ...request, types: flags.types, invocation_id: flags.invocation };
      const { data } = await session.call(ROUTES['journal.list'], input);
      return data;
    });
    await session.print.list(page, JOURNAL_COLUMNS);
  },
});
