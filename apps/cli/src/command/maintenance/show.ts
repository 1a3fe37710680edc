import { ROUTES } from '@xem/client';
import { prefixedForm } from '@xem/protocol';
import { command } from '../command.ts';
import { argument } from '../flag.ts';
import { VIEW } from './columns.ts';

export const show = command({
  args: { id: argument('MAINTENANCE-ID', 'The id of the window', prefixedForm('mnt')) },
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['maintenance.get'], { id: args.id });
    await session.print.object(data, VIEW);
  },
});
