import { networkOf } from '@xem/domain';
import type { ExecError } from '@xem/errors';
import type { Clock } from '@xem/runtime';
import type { TokenBucket } from 'limiter';
import { createBuckets } from './buckets.ts';
import { overRate } from './rate-limit.ts';

/** More addresses than this are not remembered at a time; the oldest are forgotten. */
const ADDRESSES_MAX = 20_000;

/**
 * Counts requests without a valid key by the network they come from, so that nobody tries keys without end: whoever has
 * one address of IPv6 has all of its network. One that had too many is told nothing of a key any more until it has waited.
 */
export interface Strangers {
  /** Counts a request that had no valid key. @throws ExecError rate_limit_exceeded once there were too many */
  note(address: string | undefined): void;
  /** Refuses an address that had too many. @throws ExecError rate_limit_exceeded */
  assertMayTry(address: string | undefined): void;
}

const refuse = (bucket: TokenBucket): ExecError => overRate('one address without a valid key', bucket);

/** Nobody has tried yet. An address may try `perMinute` keys a minute, and as many at once. */
export function createStrangers(clock: Pick<Clock, 'monotonic'>, perMinute: number): Strangers {
  const buckets = createBuckets(clock, ADDRESSES_MAX);
  const rate = { per_minute: perMinute, burst: perMinute };
  return {
    note: (address) => {
      if (address === undefined) return;
      const bucket = buckets.of(networkOf(address), rate);
      if (!bucket.tryRemoveTokens(1)) throw refuse(bucket);
    },
    assertMayTry: (address) => {
      const bucket = address !== undefined && buckets.size > 0 ? buckets.find(networkOf(address)) : null;
      if (bucket && bucket.getWaitTime(1) > 0) throw refuse(bucket);
    },
  };
}
