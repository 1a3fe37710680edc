import type { InvocationEvent } from '@xem/client';
import { toTimestamp } from '@xem/runtime';
import { UUID_FORM, type Invocation, type InvocationStatus } from '@xem/protocol';
import { exitOfRun } from '../../exit.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument } from '../flag.ts';
import { INVOCATION_FIRST } from './columns.ts';
import { endingOf, watchRun, type Listener } from './run-watch.ts';

const TIMEOUT_MS = 600_000;

/** Tells of every change; in a form for programs it keeps quiet until the end. */
function progress(session: Session): Listener {
  let seen: InvocationStatus | null = null;
  const tell = async (at: string, what: string): Promise<void> =>
    session.print.hint(`${visible(at)}  ${visible(what)}`);
  const snapshot = async (invocation: Invocation, polled: boolean): Promise<void> => {
    if (invocation.status === seen) return;
    seen = invocation.status;
    // A stream tells the whole story by its entries; only who polls must take it from the state.
    if (polled) await tell(toTimestamp(session.io.clock.now()), invocation.status);
    if (invocation.status === 'pending_approval' && invocation.approval)
      await session.print.hint(`It waits for a decision: ${visible(invocation.approval.url)}`);
  };
  return async (event: InvocationEvent): Promise<void> => {
    if (session.print.forPrograms) return;
    if (event.kind === 'snapshot') await snapshot(event.invocation, event.polled ?? false);
    else if (event.kind === 'entry') await tell(event.entry.at, event.entry.type);
  };
}

export const watch = command({
  about:
    'Ends with the outcome of the run: 0 completed, 1 failed, 3 rejected, 6 timeout, 7 cancelled. Gives up after 10 minutes unless --timeout says otherwise. Ctrl-C stops watching, not the run.',
  args: { id: argument('INVOCATION-ID', 'The id of the invocation', UUID_FORM) },
  run: async (session, { args }) => {
    const timeoutMs = session.flags.timeout ?? TIMEOUT_MS;
    const settled = await watchRun(session, { id: args.id, timeoutMs }, progress(session));
    await session.print.object(settled, { first: INVOCATION_FIRST });
    await session.print.hint(endingOf(settled));
    return exitOfRun(settled);
  },
});
