import { ROUTES } from '@xem/client';
import { INVOCATION_TERMINAL, UUID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument, text } from '../flag.ts';
import { INVOCATION_FIRST } from './columns.ts';

export const cancel = command({
  flags: { reason: text('TEXT', 'Why, for the journal') },
  args: { id: argument('INVOCATION-ID', 'The id of the invocation', UUID_FORM) },
  run: async (session, { flags, args }) => {
    const { data } = await session.call(ROUTES['invocation.cancel'], { id: args.id, reason: flags.reason });
    await session.print.object(data, { first: INVOCATION_FIRST });
    if (!INVOCATION_TERMINAL.has(data.status))
      await session.print.hint(`It is being stopped; see it end with: xeroctl exec watch ${data.id}`);
  },
});
