import { defineMachine } from './machine.ts';

/** Derived from the uses, the clock and the revocation; never stored. */
export const JOIN_KEY_STATUSES = ['active', 'exhausted', 'expired', 'revoked'] as const;
export type JoinKeyStatus = (typeof JOIN_KEY_STATUSES)[number];

export const JOIN_KEY_USE_STATUSES = ['reserved', 'confirmed', 'lapsed'] as const;
export type JoinKeyUseStatus = (typeof JOIN_KEY_USE_STATUSES)[number];

/** One use of a join key: taken at enrolment, confirmed by the first welcome. */
export const joinKeyUseMachine = defineMachine<JoinKeyUseStatus>()({
  refusal: 'invalid_state',
  states: JOIN_KEY_USE_STATUSES,
  arrows: {
    confirm: { from: ['reserved'], to: 'confirmed' },
    lapse: { from: ['reserved'], to: 'lapsed' },
  },
});
