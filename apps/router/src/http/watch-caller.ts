import { boundsNow } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { JournalEntry } from '@xem/protocol';
import type { Cancel } from '@xem/runtime';
import { toRefusal } from './answer.ts';
import type { Admitted } from './edge.ts';

/** The longest a timer can be. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Watches over a request that lasts. */
export interface CallerWatch {
  /** Resolves when everything that was committed by now has been looked at. */
  checked(): Promise<void>;
  stop(): void;
}

const noLonger = (): ExecError =>
  new ExecError(
    'authentication_required',
    'the key is good no more: it was revoked or has ended, or its principal was disabled',
  );

/** Whether nothing need be looked at: not one more word goes out. */
const isFinal = ({ type, data }: JournalEntry): boolean =>
  type === 'api_key.revoked' || (type === 'principal.updated' && data['disabled'] === true);

/** Looks whether a request that was let in would be let in now, and until when. @throws ExecError why it would not */
async function review({ ctx, assertReach }: Admitted): Promise<number> {
  const bounds = await boundsNow(ctx);
  const endsAt = Math.min(bounds?.expiresAt ?? Infinity, ctx.caller.credential.expiresAt ?? Infinity);
  if (bounds === null || endsAt <= ctx.clock.now()) throw noLonger();
  assertReach(bounds);
  return endsAt;
}

/**
 * Calls `end` once when the caller of a request that lasts loses the right to it: the key is revoked, ends, or is
 * bounded otherwise, its principal is disabled, or the session is over. What changed since the request came in counts.
 */
export function watchCaller(request: Admitted, end: (refusal: ExecError) => void): CallerWatch {
  const { ctx, edge, accessSeq } = request;
  const { keyId, expiresAt } = ctx.caller.credential;
  let over = false;
  let looking = Promise.resolve();
  let cancelTimer: Cancel | undefined;
  const stop = (): void => {
    over = true;
    cancelTimer?.();
    cancelFollow();
  };
  const arm = (endsAt: number): void => {
    cancelTimer?.();
    if (over || endsAt === Infinity) return;
    const ms = endsAt - ctx.clock.now();
    if (ms <= 0) look();
    else cancelTimer = ctx.clock.after(Math.min(ms, TIMER_MS_MAX), look);
  };
  const refuse = (err: unknown): void => {
    if (over) return;
    stop();
    end(toRefusal(err));
  };
  const look = (): void => {
    looking = looking.then(() => (over ? undefined : review(request).then(arm, refuse)));
  };
  const hear = (entry: JournalEntry): void => (isFinal(entry) ? refuse(noLonger()) : look());
  const cancelFollow = edge.feed.onAccessChange([keyId, ctx.caller.principal.id], hear);
  if (edge.feed.accessSeq() === accessSeq) arm(expiresAt ?? Infinity);
  else look();
  return { checked: () => looking, stop };
}
