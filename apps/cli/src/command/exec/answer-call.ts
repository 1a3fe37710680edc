import type { InvocationEvent } from '@xem/client';
import type { Invocation } from '@xem/protocol';
import { exitOfRun } from '../../exit.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { INVOCATION_FIRST } from './columns.ts';
import { createRunOutput } from './run-output.ts';
import { endingOf, watchRun } from './run-watch.ts';

const gateLines = ({ approval, id }: Invocation): readonly string[] =>
  approval?.status === 'pending'
    ? [
        `It waits for a decision: ${visible(approval.url)}`,
        `Decide here: xeroctl approvals approve ${visible(approval.id)}`,
        `Watch it: xeroctl exec watch ${visible(id)}`,
      ]
    : [];

async function waitFor(session: Session, made: Invocation): Promise<number> {
  const { forPrograms } = session.print;
  const output = createRunOutput(session);
  for (const line of gateLines(made).slice(0, 2)) await session.print.note(line);
  const listen = async (event: InvocationEvent): Promise<void> => {
    if (event.kind === 'output' && !forPrograms) await output.write(event.piece);
  };
  const settled = await watchRun(session, { id: made.id, timeoutMs: session.flags.timeout ?? null }, listen);
  if (forPrograms) await session.print.object(settled);
  else await output.finish(settled);
  await session.print.note(`${output.lineStart()}${endingOf(settled)}`);
  return exitOfRun(settled);
}

/**
 * Tells of a call that was just made, or waits for its end: then standard output carries what the tool writes, or
 * for programs the settled invocation. Returns what the command ends with.
 */
export async function answerCall(session: Session, made: Invocation, wait: boolean): Promise<number> {
  if (wait) return waitFor(session, made);
  await session.print.object(made, { first: INVOCATION_FIRST });
  for (const line of gateLines(made)) await session.print.hint(line);
  return 0;
}
