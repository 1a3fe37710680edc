import { toTimestamp, type Clock } from '@xem/runtime';
import { parseDuration } from './command/flag.ts';
import { UsageError } from './exit.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A flag that names a time. */
interface Time {
  readonly flag: string;
  readonly word: string | undefined;
  /** Which way from now a duration leads. */
  readonly way: 'ago' | 'from now';
}

/** Reads an instant, a day or a time from now; gives the form of the API. @throws UsageError */
function readTime({ flag, word, way }: Time, clock: Clock): string | undefined {
  if (word === undefined) return undefined;
  if (INSTANT.test(word) && !Number.isNaN(Date.parse(word))) return toTimestamp(Date.parse(word));
  try {
    const ms = parseDuration(word);
    return toTimestamp(way === 'ago' ? clock.now() - ms : clock.now() + ms);
  } catch (error) {
    const form = `must be a time like 2h, which is two hours ${way}, or an instant like 2026-01-31T08:00:00Z`;
    throw new UsageError(`--${flag} ${word}: ${form}`, { cause: error });
  }
}

/** Reads `2h` (ago) or an instant; gives the form of the API. @throws UsageError */
export const sinceTime = (word: string | undefined, clock: Clock, flag = 'since'): string | undefined =>
  readTime({ flag, word, way: 'ago' }, clock);

/** Reads `2h` (from now) or an instant; gives the form of the API. @throws UsageError */
export const comingTime = (flag: string, word: string | undefined, clock: Clock): string | undefined =>
  readTime({ flag, word, way: 'from now' }, clock);
