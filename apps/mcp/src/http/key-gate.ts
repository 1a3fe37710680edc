import { createHash } from 'node:crypto';
import { ClientError, ROUTES } from '@xem/client';
import { createCaller, type Parts } from '../caller.ts';

/** How long a key that was good is taken for good; the router looks at it again on every call. */
const GOOD_FOR_MS = 30_000;
const KEYS_MAX = 1000;
const CHECK_MS = 2000;

/** Tells keys that are none before the protocol is spoken, as its clients expect. */
export interface KeyGate {
  /** The refusal of a key; null when it may be good. */
  refusalOf(key: string): Promise<ClientError | null>;
}

const isNoKey = (error: unknown): error is ClientError =>
  error instanceof ClientError && error.code === 'authentication_required';

/** Asks the router about a key it has not seen for a while. What it cannot tell now, the call itself will tell. */
export function createKeyGate(parts: Parts): KeyGate {
  const goodUntil = new Map<string, number>();
  const check = async (key: string): Promise<ClientError | null> => {
    try {
      const { client } = createCaller(parts, { apiKey: key });
      await client.call(ROUTES['auth.whoami'], {}, { timeoutMs: CHECK_MS });
      return null;
    } catch (error) {
      return isNoKey(error) ? error : null;
    }
  };
  return {
    refusalOf: async (key) => {
      const name = createHash('sha256').update(key).digest('base64');
      const now = parts.clock.monotonic();
      if ((goodUntil.get(name) ?? 0) > now) return null;
      goodUntil.delete(name);
      const refusal = await check(key);
      if (refusal) return refusal;
      goodUntil.set(name, now + GOOD_FOR_MS);
      const oldest = goodUntil.keys().next();
      if (goodUntil.size > KEYS_MAX && !oldest.done) goodUntil.delete(oldest.value);
      return null;
    },
  };
}
