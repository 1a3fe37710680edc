import { MINUTE_MS, type RateLimit } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import { TokenBucket } from 'limiter';

/** Idle buckets are put away this often. */
const SWEEP_EVERY_MS = MINUTE_MS;

/**
 * Buckets of tokens by a name: a bucket holds `burst` of them and gets `per_minute` more in a minute, so that over any
 * minute no more than both together are taken from it.
 */
export interface Buckets {
  /** The bucket of a name, with the rate it has now; a new one is full. */
  of(name: string, rate: RateLimit): TokenBucket;
  /** The bucket of a name, if it was used lately. */
  find(name: string): TokenBucket | null;
  readonly size: number;
}

/** A bucket that is full again is as good as none. */
function isIdle(bucket: TokenBucket): boolean {
  bucket.drip();
  return bucket.content >= bucket.bucketSize;
}

function fullBucket({ per_minute, burst }: RateLimit): TokenBucket {
  const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: per_minute, interval: MINUTE_MS });
  bucket.content = burst;
  return bucket;
}

/** Under another rate a bucket lacks as much as it lacked before. */
function adapt(bucket: TokenBucket, { per_minute, burst }: RateLimit): void {
  if (bucket.bucketSize === burst && bucket.tokensPerInterval === per_minute) return;
  bucket.drip();
  bucket.content = Math.max(0, bucket.content + burst - bucket.bucketSize);
  bucket.bucketSize = burst;
  bucket.tokensPerInterval = per_minute;
}

/** No buckets yet. Those that are idle are put away; of more than `most` the oldest go. */
export function createBuckets(clock: Pick<Clock, 'monotonic'>, most = Infinity): Buckets {
  const byName = new Map<string, TokenBucket>();
  let sweepAt = clock.monotonic() + SWEEP_EVERY_MS;
  const sweep = (): void => {
    if (clock.monotonic() < sweepAt && byName.size < most) return;
    sweepAt = clock.monotonic() + SWEEP_EVERY_MS;
    for (const [name, bucket] of byName) if (isIdle(bucket)) byName.delete(name);
    for (const name of byName.keys()) if (byName.size >= most) byName.delete(name);
  };
  return {
    of: (name, rate) => {
      const known = byName.get(name);
      if (known) {
        adapt(known, rate);
        return known;
      }
      sweep();
      const bucket = fullBucket(rate);
      byName.set(name, bucket);
      return bucket;
    },
    find: (name) => byName.get(name) ?? null,
    get size() {
      return byName.size;
    },
  };
}

/** How long until a bucket has a token again, in whole seconds, at least 1. */
export const secondsToToken = (bucket: TokenBucket): number =>
  Math.max(1, Math.ceil(bucket.getWaitTime(1) / 1000));

/** How long until a bucket is full again, in whole seconds. */
export const secondsToFull = ({ bucketSize, content, tokensPerInterval, interval }: TokenBucket): number =>
  Math.ceil(((bucketSize - content) * interval) / tokensPerInterval / 1000);
