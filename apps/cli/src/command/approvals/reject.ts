import { ROUTES } from '@xem/client';
import { UUID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument, text } from '../flag.ts';
import { APPROVAL_FIRST } from './columns.ts';

export const reject = command({
  flags: { reason: text('TEXT', 'Why; the caller gets to read it') },
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  run: async (session, { flags, args }) => {
    const { data } = await session.call(ROUTES['approval.reject'], { id: args.id, reason: flags.reason });
    await session.print.object(data, { first: APPROVAL_FIRST });
  },
});
