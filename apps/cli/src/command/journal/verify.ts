import { ROUTES } from '@xem/client';
import { EXIT } from '../../exit.ts';
import { command } from '../command.ts';

export const verify = command({
  about: 'Ends with 1 when the chain is broken, and names the first entry that does not fit.',
  run: async (session) => {
    const { data } = await session.call(ROUTES['journal.verify'], {});
    await session.print.object(data, {
      first: ['ok', 'entries', 'first_bad_seq'],
      none: { first_bad_seq: 'none', checkpoint_seq: 'none' },
    });
    return data.ok ? EXIT.ok : EXIT.failed;
  },
});
