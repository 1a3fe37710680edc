import { toTimestamp, type Clock } from '@xem/runtime';
import { parseDuration } from './command/flag.ts';
import { UsageError } from './exit.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Reads `2h` (ago) or an instant; gives the form of the API. @throws UsageError */
export function sinceTime(word: string | undefined, clock: Clock, flag = 'since'): string | undefined {
  if (word === undefined) return undefined;
  if (INSTANT.test(word) && !Number.isNaN(Date.parse(word))) return toTimestamp(Date.parse(word));
  try {
    return toTimestamp(clock.now() - parseDuration(word));
  } catch (error) {
    throw new UsageError(
      `--${flag} ${word}: must be a time like 2h, or an instant like 2026-01-31T08:00:00Z`,
      {
        cause: error,
      },
    );
  }
}
