import { count, text } from '../flag.ts';
import { command } from '../command.ts';
import { watching } from '../../watching.ts';
import { JOURNAL_COLUMNS } from '../journal/columns.ts';

export const stream = command({
  about:
    'Prints every journal entry as it is written, until Ctrl-C or --timeout. -o json prints one entry a line.',
  flags: {
    types: text(
      'TYPES',
      'Only entries of these types, with commas between: invocation.completed,approval.requested',
    ),
    afterSeq: count('Begin after this entry instead of now'),
  },
  run: async (session, { flags }) => {
    const client = await session.client();
    const { types, afterSeq } = flags;
    await session.print.titles(JOURNAL_COLUMNS);
    await watching(session, { timeoutMs: session.flags.timeout ?? null }, async (signal) => {
      for await (const event of client.followJournal({ types, afterSeq }, { signal })) {
        if (event.kind === 'entry') await session.print.one(event.entry, JOURNAL_COLUMNS);
        else await session.print.note(`entries before ${event.gap.first_seq} are gone`);
      }
    });
  },
});
