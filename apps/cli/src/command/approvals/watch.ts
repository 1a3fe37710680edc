import { ROUTES } from '@xem/client';
import { RISKS, type Approval } from '@xem/protocol';
import type { Session } from '../../session.ts';
import { watching } from '../../watching.ts';
import { command } from '../command.ts';
import { choice } from '../flag.ts';
import { APPROVAL_COLUMNS } from './columns.ts';

const TYPES = ['requested', 'approved', 'rejected', 'escalated', 'expired', 'withdrawn']
  .map((word) => `approval.${word}`)
  .join(',');

async function pending(session: Session, risk: Approval['risk'] | undefined): Promise<readonly Approval[]> {
  const input = { status: 'pending', risk, limit: 100 } as const;
  const { data } = await session.call(ROUTES['approval.list'], input);
  return data.data.toReversed();
}

export const watch = command({
  about:
    'Shows what waits now, then each approval as it is asked for and as it is settled, until Ctrl-C or --timeout.',
  flags: { risk: choice(RISKS, 'Only those of this risk') },
  run: async (session, { flags }) => {
    const client = await session.client();
    const changed = async (id: string): Promise<void> => {
      const { data } = await client.call(ROUTES['approval.get'], { id });
      if (flags.risk === undefined || data.risk === flags.risk)
        await session.print.one(data, APPROVAL_COLUMNS);
    };
    await watching(session, { timeoutMs: session.flags.timeout ?? null }, async (signal) => {
      await session.print.titles(APPROVAL_COLUMNS);
      for (const row of await pending(session, flags.risk)) await session.print.one(row, APPROVAL_COLUMNS);
      for await (const event of client.followJournal({ types: TYPES }, { signal }))
        if (event.kind === 'entry') await changed(event.entry.subject.id);
    });
  },
});
