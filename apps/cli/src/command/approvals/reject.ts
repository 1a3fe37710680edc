import { ROUTES } from '@xem/client';
import { UUID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument, text } from '../flag.ts';
import { printApproval, showCall } from './print-approval.ts';

export const reject = command({
  about: 'One person is enough. In a terminal it shows the call that is refused.',
  flags: { reason: text('TEXT', 'Why; the caller gets to read it') },
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  run: async (session, { flags, args }) => {
    if (session.io.stdin.isTty)
      await showCall(session, (await session.call(ROUTES['approval.get'], { id: args.id })).data);
    const { data } = await session.call(ROUTES['approval.reject'], { id: args.id, reason: flags.reason });
    await printApproval(session, data);
  },
});
