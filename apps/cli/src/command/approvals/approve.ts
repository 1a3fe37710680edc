import { ROUTES } from '@xem/client';
import { TOOL_NAME_FORM, UUID_FORM, votesWords } from '@xem/protocol';
import { visible } from '../../render/escape.ts';
import { command } from '../command.ts';
import { argument, flag, id, text } from '../flag.ts';
import { agreeTo } from './exact-call.ts';
import { printApproval } from './print-approval.ts';

export const approve = command({
  about:
    'Shows the exact call first, and asks. The decision is over the call that was shown: had it changed since, the router refuses it.',
  flags: {
    note: text('TEXT', 'A note for the journal'),
    confirm: id(TOOL_NAME_FORM, 'The name of the tool, where the policy wants it typed back'),
    yes: flag('Do not ask'),
  },
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  letters: { y: 'yes' },
  run: async (session, { flags, args }) => {
    const agreed = await agreeTo(session, args.id, { ...flags, act: 'vote' });
    const { data } = await session.call(ROUTES['approval.approve'], { ...agreed, note: flags.note });
    await printApproval(session, data);
    if (data.status === 'pending')
      await session.print.hint(`Counted: ${visible(votesWords(data.quorum))}. More people must agree.`);
    else await session.print.hint(`Watch it run: xeroctl exec watch ${visible(data.invocation_id)}`);
  },
});
