import { ExecError } from '@xem/errors';
import { SECOND_MS, type WorkspaceId } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { MaintenanceRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';

/** What a caller waits when nobody has said how long it takes. */
const UNKNOWN_SECONDS = 60;

/** Nobody is told to wait longer: windows end before their time, too. */
const LONGEST_SECONDS = 3600;

function secondsLeft({ endsAt }: MaintenanceRecord, now: number): number {
  if (endsAt === null) return UNKNOWN_SECONDS;
  return Math.min(LONGEST_SECONDS, Math.max(1, Math.ceil((endsAt - now) / SECOND_MS)));
}

/** Lets new calls through unless a critical window keeps them out. @throws ExecError unavailable, with the time it takes */
export function assertOpen({ windows, projectId, clock }: VerbContext, workspaceId: WorkspaceId): void {
  const critical = windows.reaching(projectId, workspaceId).filter(({ severity }) => severity === 'critical');
  const now = clock.now();
  const [longest] = critical.toSorted((a, b) => secondsLeft(b, now) - secondsLeft(a, now));
  if (!longest) return;
  const until = longest.endsAt === null ? 'until somebody ends it' : `until ${toTimestamp(longest.endsAt)}`;
  throw new ExecError(
    'unavailable',
    `maintenance is in progress ${until}: ${longest.title} (${longest.id})`,
    {
      retryAfterSeconds: secondsLeft(longest, now),
    },
  );
}
