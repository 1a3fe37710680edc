import { ROUTES } from '@xem/client';
import { MAINTENANCE_SEVERITIES, prefixedForm } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import { command } from '../command.ts';
import { argument, choice, text } from '../flag.ts';
import { VIEW } from './columns.ts';
import { comingTime } from '../../time.ts';

const CLEAR = 'none';

export const update = command({
  flags: {
    title: text('TITLE', 'What to call it'),
    severity: choice(MAINTENANCE_SEVERITIES, 'How much it weighs'),
    description: text('TEXT', 'What is done; none takes it away'),
    starts: text('TIME', 'When it starts: 2h from now, or an instant'),
    ends: text('TIME', 'When it ends by itself; none leaves that to somebody'),
  },
  args: { id: argument('MAINTENANCE-ID', 'The id of the window', prefixedForm('mnt')) },
  run: async (session, { flags, args }) => {
    if (Object.values(flags).every((value) => value === undefined))
      throw new UsageError('nothing to change: give --title, --severity, --description, --starts or --ends');
    const { clock } = session.io;
    const { data } = await session.call(ROUTES['maintenance.update'], {
      id: args.id,
      title: flags.title,
      severity: flags.severity,
      description: flags.description === CLEAR ? null : flags.description,
      starts_at: comingTime('starts', flags.starts, clock),
      ends_at: flags.ends === CLEAR ? null : comingTime('ends', flags.ends, clock),
    });
    await session.print.object(data, VIEW);
  },
});
