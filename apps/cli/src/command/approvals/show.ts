import { ROUTES } from '@xem/client';
import { UUID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument } from '../flag.ts';
import { printApproval } from './print-approval.ts';

export const show = command({
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  run: async (session, { args }) => {
    const { data } = await session.call(ROUTES['approval.get'], { id: args.id });
    await printApproval(session, data);
  },
});
