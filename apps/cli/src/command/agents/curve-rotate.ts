import { ROUTES } from '@xem/client';
import { prefixedForm, type JournalEntry } from '@xem/protocol';
import { EXIT } from '../../exit.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { watching } from '../../watching.ts';
import { command } from '../command.ts';
import { argument, flag } from '../flag.ts';

const FIRST = ['id', 'registration_name', 'status', 'curve_fingerprint', 'connection'];
const ENDINGS = 'agent.key_rotated,agent.key_rotation_dropped';

async function newestSeq(session: Session): Promise<number> {
  const { data } = await session.call(ROUTES['journal.list'], { limit: 1 });
  return data.data[0]?.seq ?? 0;
}

/** The entry that tells how the change of an agent's key ended. */
async function ending(session: Session, id: string, afterSeq: number): Promise<JournalEntry> {
  const client = await session.client();
  return watching(session, { timeoutMs: session.flags.timeout ?? null }, async (signal) => {
    for await (const event of client.followJournal({ types: ENDINGS, afterSeq }, { signal }))
      if (event.kind === 'entry' && event.entry.refs.agent_id === id) return event.entry;
    throw new Error('the journal ended before the change of keys did');
  });
}

export const curveRotate = command({
  about:
    'Runs and their output go on meanwhile. The old key stays good until the agent has used the new one.',
  args: { id: argument('AGENT-ID', 'The id of the agent', prefixedForm('agt')) },
  flags: { wait: flag('Wait until the agent has come back with its new key') },
  run: async (session, { args: { id }, flags: { wait } }) => {
    const before = wait ? await newestSeq(session) : 0;
    const { data: asked } = await session.call(ROUTES['agent.curve_rotate'], { id });
    if (!wait) return session.print.object(asked, { first: FIRST });
    const { type, data } = await ending(session, id, before);
    const { data: agent } = await session.call(ROUTES['agent.get'], { id });
    await session.print.object(agent, { first: FIRST });
    if (type === 'agent.key_rotated') return EXIT.ok;
    await session.print.note(visible(`The change of keys was given up: ${String(data['reason'])}`));
    return EXIT.failed;
  },
});
