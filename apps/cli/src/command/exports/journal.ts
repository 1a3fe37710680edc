import { ROUTES } from '@xem/client';
import { command } from '../command.ts';
import { count, text } from '../flag.ts';
import { takeOut } from './take-out.ts';

export const journal = command({
  about:
    'A header, the entries, oldest first, and an end with a head that the router has signed: one JSON object a line. The guide on auditing has a program that verifies it.',
  flags: {
    fromSeq: count('The first entry; the oldest there is unless said'),
    toSeq: count('The last entry; the newest unless said'),
    file: text('PATH', 'Write to this file'),
  },
  run: async (session, { flags }) => {
    const input = { from_seq: flags.fromSeq, to_seq: flags.toSeq };
    await takeOut(session, { route: ROUTES['export.journal'], input, path: flags.file });
  },
});
