import type { Guarantee } from './guarantee.ts';

/** What the mesh promises of rates, credit, billing, usage and sizes. */
export const LIMITS = {
  'limits.credit': {
    says: 'callers together never spend more than their project was granted, and what a call did not cost returns',
    from: 'api',
  },
  'limits.billing': {
    says: 'a project that has not paid is let in with nothing new, and reads and decides as before',
    from: 'api',
  },
  'limits.rate': {
    says: 'a key and a project send no more than their rates, and Retry-After tells when they may again',
    from: 'api',
  },
  'limits.guess': { says: 'an address that tries keys is stopped, and keys in use go on', from: 'api' },
  'limits.body': {
    says: 'a body over the limit is refused before it is read whole, and harms nobody',
    from: 'reliability',
  },
  'limits.usage': {
    says: 'usage counts the end of each call once, soon after it',
    from: 'api',
  },
} as const satisfies Record<string, Guarantee>;
