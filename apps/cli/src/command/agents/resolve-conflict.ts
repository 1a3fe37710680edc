import { ROUTES } from '@xem/client';
import { prefixedForm, type Agent } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import { renderDetails } from '../../render/detail.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument, choice } from '../flag.ts';

const ROLES = ['incumbent', 'challenger'] as const;

/** Who enrolled first is the incumbent. */
async function rivalsOf(session: Session, id: string): Promise<readonly Agent[]> {
  const { data: agent } = await session.call(ROUTES['agent.get'], { id });
  const { data: page } = await session.call(ROUTES['agent.list'], { status: 'conflict', limit: 100 });
  return page.data
    .filter((one) => agent.status === 'conflict' && one.registration_name === agent.registration_name)
    .toSorted((a, b) => (a.enrolled_at < b.enrolled_at ? -1 : 1));
}

const describe = ({ id, curve_fingerprint, connection, last_seen_at }: Agent): string =>
  `${id}, CURVE key ${curve_fingerprint}, at ${connection.source_address ?? 'an unknown address'}, ` +
  `${connection.state}, last seen ${last_seen_at ?? 'never'}`;

/** Shows both, for whoever has not decided yet. @throws UsageError */
async function showRivals(session: Session, id: string): Promise<void> {
  const rivals = await rivalsOf(session, id);
  const rows = rivals.map((agent, at): [string, string] => [ROLES[at] ?? '-', visible(describe(agent))]);
  if (rows.length === 0) throw new UsageError(`nobody contests the name of ${id}`);
  await session.io.stderr.write(renderDetails(rows));
  throw new UsageError('say which one has the name from now on: --keep incumbent or --keep challenger');
}

export const resolveConflict = command({
  about:
    'Two agents came online under one name with different keys, and neither gets new work. The one that is kept works on; the other is evicted and may enrol again. Without --keep it shows both.',
  flags: { keep: choice(ROLES, 'Which of the two has the name: the one that enrolled first, or the other') },
  args: { id: argument('AGENT-ID', 'The id of either of the two', prefixedForm('agt')) },
  run: async (session, { flags: { keep }, args: { id } }) => {
    if (keep === undefined) return await showRivals(session, id);
    const { data } = await session.call(ROUTES['agent.resolve_conflict'], { id, keep });
    await session.print.object(data, { first: ['id', 'registration_name', 'status', 'workspaces'] });
  },
});
