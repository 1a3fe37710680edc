import { ROUTES } from '@xem/client';
import { MAINTENANCE_SEVERITIES, WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument, choice, id, text } from '../flag.ts';
import { VIEW } from './columns.ts';
import { comingTime } from '../../time.ts';

export const create = command({
  about:
    'While a critical window is in progress new calls are refused; what runs or waits goes on. The others only show.',
  flags: {
    severity: choice(MAINTENANCE_SEVERITIES, 'How much it weighs; info unless said'),
    description: text('TEXT', 'What is done'),
    workspace: id(WORKSPACE_ID_FORM, 'Only this workspace; the whole project unless said'),
    starts: text('TIME', 'When it starts: 2h from now, or an instant; at once unless said'),
    ends: text('TIME', 'When it ends by itself; until somebody completes it unless said'),
  },
  args: { title: argument('TITLE', 'What to call it') },
  run: async (session, { flags, args }) => {
    const { clock } = session.io;
    const { data } = await session.call(ROUTES['maintenance.create'], {
      title: args.title,
      description: flags.description,
      severity: flags.severity ?? 'info',
      workspace_id: flags.workspace,
      starts_at: comingTime('starts', flags.starts, clock),
      ends_at: comingTime('ends', flags.ends, clock),
    });
    await session.print.object(data, VIEW);
  },
});
