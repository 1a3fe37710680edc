import { ROUTES } from '@xem/client';
import { UsageError } from '../../exit.ts';
import { command } from '../command.ts';
import { argument, text } from '../flag.ts';
import { PROJECT_VIEW } from './project.ts';

/** @throws UsageError */
function parseCredits(word: string): number {
  const credits = /^\d{1,13}$/.test(word) ? Number(word) : 0;
  if (credits < 1) throw new UsageError(`CREDITS must be a whole number above 0, not ${word}`);
  return credits;
}

export const topUp = command({
  flags: {
    idempotencyKey: text('KEY', 'The same key never grants twice; drawn by chance unless given'),
  },
  args: { credits: argument('CREDITS', 'How many credits to add') },
  run: async (session, { flags, args }) => {
    const idempotencyKey = flags.idempotencyKey ?? session.io.ids.uuid();
    const input = { credits: parseCredits(args.credits) };
    const { data, headers } = await session.call(ROUTES['project.top_up'], input, { idempotencyKey });
    if (headers.replayed) await session.print.note('The key was used before: nothing was granted now.');
    await session.print.object(data, { ...PROJECT_VIEW, first: ['id', 'slug', 'name', 'credit', 'tariff'] });
  },
});
