import type { Clock } from '@xem/runtime';
import type { Knock } from '../wire/transport.ts';
import type { MeshLimits } from './contract.ts';
import { createRecent } from './recent.ts';

const REMEMBERED = 50_000;

interface GateOptions {
  readonly clock: Clock;
  readonly limits: Pick<MeshLimits, 'enrollPerSecond' | 'enrollBurst'>;
  readonly admits: (curveKey: string) => boolean;
}

/** Who may connect, and where each CURVE key was last seen to come from. */
export interface Gate {
  admit(knock: Knock): boolean;
  /** The address a key last connected from, or null. */
  addressOf(curveKey: string): string | null;
  /** Tells whether somebody holding this key came to the enrollment socket. */
  knocked(curveKey: string): boolean;
}

interface Bucket {
  tokens: number;
  at: number;
}

function createRateLimit({ clock, limits }: Pick<GateOptions, 'clock' | 'limits'>) {
  const buckets = createRecent<Bucket>(REMEMBERED);
  return (address: string): boolean => {
    const now = clock.monotonic();
    const bucket = buckets.get(address) ?? { tokens: limits.enrollBurst, at: now };
    const earned = ((now - bucket.at) / 1000) * limits.enrollPerSecond;
    const tokens = Math.min(limits.enrollBurst, bucket.tokens + earned);
    const allowed = tokens >= 1;
    buckets.set(address, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  };
}

/** The gate of a router: enrolled keys on the data socket, anybody at a moderate rate on the enrollment socket. */
export function createGate(options: GateOptions): Gate {
  const withinRate = createRateLimit(options);
  const addresses = createRecent<string>(REMEMBERED);
  const knockers = createRecent<true>(REMEMBERED);
  const admits = ({ socket, curveKey, sourceAddress }: Knock): boolean =>
    socket === 'data' ? options.admits(curveKey) : withinRate(sourceAddress);
  return {
    admit: (knock) => {
      if (!admits(knock)) return false;
      addresses.set(knock.curveKey, knock.sourceAddress);
      if (knock.socket === 'enrollment') knockers.set(knock.curveKey, true);
      return true;
    },
    addressOf: (curveKey) => addresses.get(curveKey) ?? null,
    knocked: (curveKey) => knockers.has(curveKey),
  };
}
