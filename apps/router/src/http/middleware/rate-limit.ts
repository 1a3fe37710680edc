import type { Caller } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { RateLimit } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import type { TokenBucket } from 'limiter';
import { createBuckets, secondsToFull, secondsToToken } from './buckets.ts';

/** Who sends, as far as rates go. */
export interface Sender {
  readonly credential: Pick<Caller['credential'], 'keyId' | 'rate'>;
  readonly project: Pick<Caller['project'], 'id' | 'rate'>;
}

/** Counts requests of keys and of the projects they belong to. It remembers in memory: what one router counts no other knows. */
export interface RateGate {
  /**
   * Counts one request of a key, and of its project when that has a rate of its own; a refused one is not counted.
   * Writes the `X-RateLimit-*` headers of whichever is tighter. @throws ExecError rate_limit_exceeded
   */
  pass(sender: Sender, headers: Record<string, string>): void;
  /** Counts one request of anything else that has a rate. @throws ExecError rate_limit_exceeded */
  take(name: string, rate: RateLimit): void;
  /** Whether a key was used in the last minute or so. */
  isInUse(keyId: string): boolean;
}

/** The bucket that will be empty first: of two that are as full, the one that takes longer to fill. */
function tighterOf(key: TokenBucket, project: TokenBucket | undefined): TokenBucket {
  if (!project) return key;
  const [first, second] = [Math.floor(key.content), Math.floor(project.content)];
  if (first === second) return secondsToFull(key) >= secondsToFull(project) ? key : project;
  return first < second ? key : project;
}

/** What is taken from the one is taken from the other too, or from neither. */
function join(own: TokenBucket, shared: TokenBucket | undefined): void {
  if (shared) own.parentBucket = shared;
  else if (own.parentBucket) delete own.parentBucket;
}

function writeHeaders(headers: Record<string, string>, bucket: TokenBucket): void {
  headers['x-ratelimit-limit'] = String(bucket.tokensPerInterval);
  headers['x-ratelimit-remaining'] = String(Math.floor(bucket.content));
  headers['x-ratelimit-reset'] = String(secondsToFull(bucket));
}

const told = ({ tokensPerInterval, bucketSize }: TokenBucket): string =>
  `${tokensPerInterval} requests a minute and ${bucketSize} at once`;

/** What a request over a rate is refused with. */
export function overRate(who: string, bucket: TokenBucket, limit = bucket): ExecError {
  const retryAfterSeconds = secondsToToken(bucket);
  const message = `${who} may send ${told(limit)}; try again in ${retryAfterSeconds} s`;
  return new ExecError('rate_limit_exceeded', message, { retryAfterSeconds });
}

/** A gate that nothing has passed yet. */
export function createRateGate(clock: Pick<Clock, 'monotonic'>): RateGate {
  const buckets = createBuckets(clock);
  return {
    pass: ({ credential, project }, headers) => {
      const own = buckets.of(credential.keyId, credential.rate);
      const shared = project.rate ? buckets.of(project.id, project.rate) : undefined;
      join(own, shared);
      const passed = own.tryRemoveTokens(1);
      const tighter = tighterOf(own, shared);
      writeHeaders(headers, tighter);
      if (!passed) throw overRate(tighter === own ? 'the key' : 'the project', own, tighter);
    },
    take: (name, rate) => {
      const bucket = buckets.of(name, rate);
      if (!bucket.tryRemoveTokens(1)) throw overRate('one address', bucket);
    },
    isInUse: (keyId) => buckets.find(keyId) !== null,
  };
}
