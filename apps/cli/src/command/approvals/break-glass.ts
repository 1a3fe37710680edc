import { ROUTES } from '@xem/client';
import { TOOL_NAME_FORM, UUID_FORM } from '@xem/protocol';
import { visible } from '../../render/escape.ts';
import { command } from '../command.ts';
import { argument, flag, id, required } from '../flag.ts';
import { APPROVAL_FIRST } from './columns.ts';
import { askFor, callOf } from './exact-call.ts';

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
    const { data: shown } = await session.call(ROUTES['approval.get'], { id: args.id });
    await session.io.stderr.write(callOf(shown));
    const confirm = await askFor(session, shown, flags);
    const decision = { id: args.id, reason: flags.reason, confirm, call_sha256: shown.call_sha256 };
    const { data } = await session.call(ROUTES['approval.break_glass'], decision);
    await session.print.object(data, { first: APPROVAL_FIRST });
    await session.print.hint(`Watch it run: xeroctl exec watch ${visible(data.invocation_id)}`);
  },
});
