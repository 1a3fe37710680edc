import type { Guarantee } from './guarantee.ts';

/** What is promised of who may do what. */
export const ACCESS = {
  'access.matrix': {
    says: 'an operation is open to whom it is meant for, and to nobody else',
    from: 'api',
  },
  'access.no-oracle': {
    says: 'an id of another project is answered to the byte as one that nobody has',
    from: 'reliability',
  },
} as const satisfies Record<string, Guarantee>;
