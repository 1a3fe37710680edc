import { signClaim } from '@xem/mesh';
import { CURVE_ROTATION_MS, PROTOCOL_VERSION, type AgentId, type RotateClaim } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import type { Line } from '../dispatch/line.ts';
import type { KeyRing } from '../identity/key-ring.ts';

/** Longer than a router keeps a change of keys open: after this a next key that was never used is of no use. */
const NEXT_KEY_MS = CURVE_ROTATION_MS + 60_000;

/** The agent's part in a change of its CURVE key. */
export interface Rotation {
  /** A session is open with this key. */
  onWelcome(curveKey: string): void;
  /** The router asks for a new key. */
  onAsked(rotationId: string): void;
  /** The router admits the new key. */
  onCommitted(): void;
  /** Forgets a next key that the router has given up; to be called from time to time. */
  tidy(): void;
}

interface RotationContext {
  readonly agentId: AgentId;
  readonly ring: KeyRing;
  readonly line: Line & { reconnect(reason: string): void };
  readonly clock: Clock;
  readonly log: Log;
}

interface Asked {
  readonly rotationId: string;
  readonly oldKey: string;
}

/** Tells the router of the next key, as soon as the line has room for it; a new session is asked again. */
async function acknowledge(ctx: RotationContext, { rotationId, oldKey }: Asked): Promise<void> {
  const { agentId, ring, line } = ctx;
  const newKey = ring.prepare().publicKey;
  const claim: RotateClaim = {
    ctx: 'xem/rotate/1',
    rotation_id: rotationId,
    agent_id: agentId,
    old_curve_key: oldKey,
    new_curve_key: newKey,
  };
  const sig = signClaim(ring.signer, claim);
  const body = { v: PROTOCOL_VERSION, rotation_id: rotationId, curve_public_key: newKey, sig } as const;
  while (line.send({ kind: 'rotate_ack', body }) === 'full') if (!(await line.writable())) return;
}

/** Takes up a change of keys wherever it was left. */
export function createRotation(ctx: RotationContext): Rotation {
  const { ring, line, clock, log } = ctx;
  let current: string | null = null;
  let since = clock.monotonic();
  /** There is a next key, and the session is not with it. */
  const isWaiting = (): boolean => {
    const [first, ...others] = ring.curves();
    return others.length > 0 && current !== null && current !== first?.publicKey;
  };
  return {
    onWelcome: (curveKey) => {
      current = curveKey;
      try {
        ring.settle(curveKey);
      } catch (err) {
        log.error('rotation.not_settled', { err });
      }
    },
    onAsked: (rotationId) => {
      if (current === null) return;
      since = clock.monotonic();
      acknowledge(ctx, { rotationId, oldKey: current }).catch((err: unknown) =>
        log.error('rotation.no_next_key', { err }),
      );
    },
    onCommitted: () => {
      if (isWaiting()) line.reconnect('the CURVE key changes');
    },
    tidy: () => {
      if (isWaiting() && clock.monotonic() - since > NEXT_KEY_MS) ring.discard();
    },
  };
}
