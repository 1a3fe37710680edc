import { ROUTES } from '@xem/client';
import { command } from '../command.ts';
import { PAGING } from '../globals.ts';
import { WORKSPACE_COLUMNS } from './columns.ts';

export const list = command({
  flags: PAGING,
  run: async (session) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['workspace.list'], request);
      return data;
    });
    await session.print.list(page, WORKSPACE_COLUMNS);
  },
});
