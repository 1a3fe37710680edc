import { ROUTES } from '@xem/client';
import { TOOL_NAME_FORM, UUID_FORM } from '@xem/protocol';
import { visible } from '../../render/escape.ts';
import { command } from '../command.ts';
import { argument, flag, id, required } from '../flag.ts';
import { agreeTo } from './exact-call.ts';
import { printApproval } from './print-approval.ts';

export const breakGlass = command({
  about:
    'For an emergency: one person lets it run, whatever quorum it waits for. It needs a key with the scope break_glass; everybody is told, and it stays marked.',
  flags: {
    reason: required('TEXT', 'Why it cannot wait; everybody gets to read it'),
    confirm: id(TOOL_NAME_FORM, 'The name of the tool, where the policy wants it typed back'),
    yes: flag('Do not ask'),
  },
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  letters: { y: 'yes' },
  run: async (session, { flags, args }) => {
    const agreed = await agreeTo(session, args.id, { ...flags, act: 'break_glass' });
    const { data } = await session.call(ROUTES['approval.break_glass'], { ...agreed, reason: flags.reason });
    await printApproval(session, data);
    await session.print.hint(`Watch it run: xeroctl exec watch ${visible(data.invocation_id)}`);
  },
});
