/** The states a call never leaves, spelled from the specification and not from the product's table. */
export const ENDED: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'cancelled',
  'rejected',
  'timeout',
]);

/** Risks that need a human. */
export const GATED: ReadonlySet<string> = new Set(['destructive', 'irreversible']);

/** The states an attempt never leaves. */
export const ATTEMPT_ENDED: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'cancelled',
  'timeout',
  'lost',
  'refused',
]);
