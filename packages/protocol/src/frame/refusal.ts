/** Codes of a `refused` after which the agent connects again. */
export const PASSING_REFUSALS = [
  'unavailable',
  'hello_timeout',
  'session_replaced',
  'lease_lapsed',
  'output_missing',
  'bad_frames',
] as const;

/** Codes of the `refused` that ends an open session for good: the agent may not come back as it is. */
export const LAST_REFUSALS = [
  'evicted',
  'credentials_revoked',
  'retired',
  'deleted',
  'banned',
  'agent_name_conflict',
] as const;
export type LastRefusal = (typeof LAST_REFUSALS)[number];

/** Whether a code ends an agent's stay. */
export const isLastRefusal = (code: string): code is LastRefusal => LAST_REFUSALS.some((one) => one === code);
