import type { DeliveryId, WebhookId } from '@xem/protocol';

const PER_WEBHOOK = 8;
const SOUND_MAX = 96;
const FAILING_MAX = 32;

/** After so many failures in a row a webhook is sent one message at a time. */
const FAILING_AFTER = 3;

type Lane = 'sound' | 'failing';

/**
 * Who may send how much at one time. Webhooks that fail share places of their own, one for each: however many targets
 * hang, the others have theirs.
 */
export interface Lanes {
  /** How many more messages may be sent to a webhook now. */
  room(id: WebhookId): number;
  /** How many are on their way to it. */
  flying(id: WebhookId): number;
  isFlying(delivery: DeliveryId): boolean;
  start(delivery: Flight): void;
  end(delivery: Flight, delivered: boolean): void;
}

interface Flight {
  readonly id: DeliveryId;
  readonly webhookId: WebhookId;
}

/** Nothing is on its way. */
export function createLanes(): Lanes {
  const lanes = new Map<DeliveryId, Lane>();
  const taken = { sound: 0, failing: 0 };
  const flying = new Map<WebhookId, number>();
  const failures = new Map<WebhookId, number>();
  const laneOf = (id: WebhookId): Lane => ((failures.get(id) ?? 0) >= FAILING_AFTER ? 'failing' : 'sound');
  const flyingTo = (id: WebhookId): number => flying.get(id) ?? 0;
  return {
    room: (id) =>
      laneOf(id) === 'failing'
        ? Math.min(1 - flyingTo(id), FAILING_MAX - taken.failing)
        : Math.min(PER_WEBHOOK - flyingTo(id), SOUND_MAX - taken.sound),
    flying: flyingTo,
    isFlying: (delivery) => lanes.has(delivery),
    start: ({ id, webhookId }) => {
      const lane = laneOf(webhookId);
      lanes.set(id, lane);
      taken[lane] += 1;
      flying.set(webhookId, flyingTo(webhookId) + 1);
    },
    end: ({ id, webhookId }, delivered) => {
      taken[lanes.get(id) ?? 'sound'] -= 1;
      lanes.delete(id);
      const left = flyingTo(webhookId) - 1;
      if (left > 0) flying.set(webhookId, left);
      else flying.delete(webhookId);
      if (delivered) failures.delete(webhookId);
      else failures.set(webhookId, (failures.get(webhookId) ?? 0) + 1);
    },
  };
}
