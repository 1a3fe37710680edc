import { ROUTES } from '@xem/client';
import { prefixedForm } from '@xem/protocol';
import { command, type AnyCommand } from '../command.ts';
import { argument, text } from '../flag.ts';
import { VIEW } from './columns.ts';

type Step = 'maintenance.start' | 'maintenance.complete' | 'maintenance.cancel';

const take = (step: Step): AnyCommand =>
  command({
    flags: { reason: text('TEXT', 'Why; the journal keeps it') },
    args: { id: argument('MAINTENANCE-ID', 'The id of the window', prefixedForm('mnt')) },
    run: async (session, { flags, args }) => {
      const { data } = await session.call(ROUTES[step], { id: args.id, reason: flags.reason });
      await session.print.object(data, VIEW);
    },
  });

export const start = take('maintenance.start');
export const complete = take('maintenance.complete');
export const cancel = take('maintenance.cancel');
