import { ROUTES } from '@xem/client';
import { MAINTENANCE_STATUSES } from '@xem/protocol';
import { command } from '../command.ts';
import { choice } from '../flag.ts';
import { PAGING } from '../globals.ts';
import { MAINTENANCE_COLUMNS } from './columns.ts';

export const list = command({
  flags: { ...PAGING, status: choice(MAINTENANCE_STATUSES, 'Only windows in this state') },
  run: async (session, { flags: { status } }) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['maintenance.list'], { ...request, status });
      return data;
    });
    await session.print.list(page, MAINTENANCE_COLUMNS);
  },
});
