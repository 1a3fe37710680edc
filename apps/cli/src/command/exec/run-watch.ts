import type { InvocationEvent } from '@xem/client';
import type { Invocation } from '@xem/protocol';
import { Interrupted, WatchDeadline } from '../../exit.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { watching, type Watching } from '../../watching.ts';

/** Gets every event while it is waited for the end; may take its time, the router is then slowed down. */
export type Listener = (event: InvocationEvent) => Promise<void>;

/** Follows an invocation to its end, and tells how to cancel it when the person at the keyboard stops watching. */
export async function watchRun(
  session: Session,
  { id, timeoutMs }: Watching & { readonly id: string },
  listen: Listener,
): Promise<Invocation> {
  const client = await session.client();
  const follow = async (signal: AbortSignal): Promise<Invocation> => {
    for await (const event of client.followInvocation(id, { signal })) {
      await listen(event);
      if (event.kind === 'settled') return event.invocation;
    }
    throw new Error('the stream ended before the invocation did');
  };
  try {
    return await watching(session, { timeoutMs }, follow);
  } catch (error) {
    if (error instanceof Interrupted || error instanceof WatchDeadline)
      await session.print.note(
        `Stopped watching; the run goes on. To cancel it: xeroctl exec cancel ${visible(id)}`,
      );
    throw error;
  }
}

/** How a run ended, in a line. The tool's own exit code stands here, and is never the command's. */
export function endingOf({ status, result, error, execution_id: execution }: Invocation): string {
  const took = result ? ` in ${result.duration_ms} ms` : '';
  const code = result?.exit_code === null || !result ? '' : `, exit code ${result.exit_code}`;
  const signal = result?.signal ? `, ${result.signal}` : '';
  const why = error ? `: ${error.code}: ${error.message}` : '';
  const where = execution === null ? '' : ` (execution ${execution})`;
  return visible(`${status}${took}${code}${signal}${why}${where}`);
}
