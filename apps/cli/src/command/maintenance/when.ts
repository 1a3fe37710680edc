import { toTimestamp, type Clock } from '@xem/runtime';
import { UsageError } from '../../exit.ts';
import { parseDuration } from '../flag.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads `2h` (from now) or an instant; gives the form of the API. @throws UsageError */
export function comingTime(flag: string, word: string | undefined, clock: Clock): string | undefined {
  if (word === undefined) return undefined;
  if (INSTANT.test(word) && !Number.isNaN(Date.parse(word))) return toTimestamp(Date.parse(word));
  try {
    return toTimestamp(clock.now() + parseDuration(word));
  } catch (error) {
    const form = 'must be a time from now like 2h, or an instant like 2026-01-31T08:00:00Z';
    throw new UsageError(`--${flag} ${word}: ${form}`, { cause: error });
  }
}
