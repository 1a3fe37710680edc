import type { Guarantee } from './guarantee.ts';

/** What is promised of who may do what. */
export const ACCESS = {
  'access.matrix': {
    says: 'an operation is open to whom it is meant for, and to nobody else',
    from: 'api',
  },
  'access.revoked': {
    says: 'what a key has open ends when it is revoked: streams, waits, and calls through MCP',
    from: 'reliability',
  },
  'access.rotation': {
    says: 'a key is rotated without a gap: old and new are good until the grace is over, then the new one is',
    from: 'api',
  },
  'access.sign-in-link': {
    says: 'a sign-in link lets one person in once, and opening it does nothing',
    from: 'approvals',
  },
  'access.latecomer': {
    says: 'who was let in, or given a group, after a call was asked for does not decide it',
    from: 'approvals',
  },
  'access.no-oracle': {
    says: 'an id of another project is answered to the byte as one that nobody has',
    from: 'reliability',
  },
} as const satisfies Record<string, Guarantee>;
