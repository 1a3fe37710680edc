import { INVOCATION_TERMINAL, type Invocation, type JournalEntry } from '@xem/protocol';
import type { JournalPosition } from './client.ts';
import type { FollowContext } from './follow.ts';
import { pause } from './retry.ts';
import { ROUTES } from './route.ts';

interface PollOptions {
  readonly signal: AbortSignal;
  readonly pollMs: number;
}

const PAGE = 100;

/** What a watcher would notice of an invocation. */
const looks = ({ status, attempt, cancel_requested_at, approval }: Invocation): string =>
  JSON.stringify([status, attempt, cancel_requested_at, approval?.status]);

/** Reads an invocation every `pollMs`, yields it whenever it changed, and ends with the settled one. */
export async function* pollInvocation(
  ctx: FollowContext,
  id: string,
  options: PollOptions,
): AsyncGenerator<Invocation, void, void> {
  let seen = '';
  for (;;) {
    const { data } = await ctx.client.call(ROUTES['invocation.get'], { id }, { signal: options.signal });
    if (looks(data) !== seen) yield data;
    seen = looks(data);
    if (INVOCATION_TERMINAL.has(data.status)) return;
    await pause(ctx.clock, options.pollMs, options.signal);
  }
}

/** The entries after `afterSeq`, oldest first; without one only the newest, to know where the journal ends. */
async function entriesAfter(
  ctx: FollowContext,
  { afterSeq, types }: JournalPosition,
  signal: AbortSignal,
): Promise<readonly JournalEntry[]> {
  const newer: JournalEntry[] = [];
  let after: string | undefined;
  do {
    const input = { types, after, limit: afterSeq === undefined ? 1 : PAGE };
    const { data } = await ctx.client.call(ROUTES['journal.list'], input, { signal });
    const fresh = data.data.filter(({ seq }) => seq > (afterSeq ?? 0));
    newer.push(...fresh);
    const more = data.has_more && fresh.length === data.data.length && afterSeq !== undefined;
    after = more ? (data.next_cursor ?? undefined) : undefined;
  } while (after !== undefined);
  return newer.toReversed();
}

/** Reads the journal every `pollMs` and yields what is new. */
export async function* pollJournal(
  ctx: FollowContext,
  position: JournalPosition,
  options: PollOptions,
): AsyncGenerator<JournalEntry, never, void> {
  let { afterSeq } = position;
  for (;;) {
    const entries = await entriesAfter(ctx, { ...position, afterSeq }, options.signal);
    if (afterSeq !== undefined) yield* entries;
    afterSeq = entries.at(-1)?.seq ?? afterSeq ?? 0;
    await pause(ctx.clock, options.pollMs, options.signal);
  }
}
