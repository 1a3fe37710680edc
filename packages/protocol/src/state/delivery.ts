import { defineMachine } from './machine.ts';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** An event on its way to a webhook: an attempt that fails leaves it pending until the last one. */
export const deliveryMachine = defineMachine<DeliveryStatus>()({
  refusal: 'invalid_state',
  states: DELIVERY_STATUSES,
  arrows: {
    deliver: { from: ['pending'], to: 'delivered' },
    retry: { from: ['pending'], to: 'pending' },
    giveUp: { from: ['pending'], to: 'failed' },
  },
});
