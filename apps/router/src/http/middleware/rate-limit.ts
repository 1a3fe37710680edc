import { ExecError } from '@xem/errors';
import type { RateLimit } from '@xem/protocol';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

const MINUTE_SECONDS = 60;

/** Counts requests by key: so many a minute, and at most `burst` of them within one second. */
export interface RateGate {
  /** Counts one and writes the `X-RateLimit-*` headers. @throws ExecError rate_limit_exceeded */
  pass(keyId: string, rate: RateLimit, headers: Record<string, string>): Promise<void>;
}

interface Limiters {
  readonly minute: RateLimiterMemory;
  readonly burst: RateLimiterMemory;
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

const createLimiters = ({ per_minute: points, burst }: RateLimit): Limiters => ({
  minute: new RateLimiterMemory({ points, duration: MINUTE_SECONDS }),
  burst: new RateLimiterMemory({ points: burst, duration: 1 }),
});

function writeHeaders(headers: Record<string, string>, limit: number, state: RateLimiterRes): void {
  headers['x-ratelimit-limit'] = String(limit);
  headers['x-ratelimit-remaining'] = String(state.remainingPoints);
  headers['x-ratelimit-reset'] = String(seconds(state.msBeforeNext));
}

/** The library rejects with the state of the counter, which is no Error, when the limit is hit. */
async function consume(
  limiter: RateLimiterMemory,
  keyId: string,
): Promise<{ state: RateLimiterRes; over: boolean }> {
  try {
    return { state: await limiter.consume(keyId), over: false };
  } catch (reason) {
    if (reason instanceof Error) throw reason;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- documented: anything but an Error is the state
    return { state: reason as RateLimiterRes, over: true };
  }
}

/** A gate that remembers in memory; what one router counts no other knows. */
export function createRateGate(): RateGate {
  const byRate = new Map<string, Limiters>();
  const limitersFor = (rate: RateLimit): Limiters => {
    const name = `${rate.per_minute}/${rate.burst}`;
    const limiters = byRate.get(name) ?? createLimiters(rate);
    byRate.set(name, limiters);
    return limiters;
  };
  return {
    pass: async (keyId, rate, headers) => {
      const { minute, burst } = limitersFor(rate);
      const counted = await consume(minute, keyId);
      writeHeaders(headers, rate.per_minute, counted.state);
      const hit = counted.over ? counted : await consume(burst, keyId);
      if (!hit.over) return;
      const wait = seconds(hit.state.msBeforeNext);
      const told = counted.over ? `${rate.per_minute} requests a minute` : `${rate.burst} requests at once`;
      throw new ExecError('rate_limit_exceeded', `the key may send ${told}; try again in ${wait} s`, {
        retryAfterSeconds: wait,
      });
    },
  };
}
