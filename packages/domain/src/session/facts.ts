import { toTimestamp } from '@xem/runtime';
import type { PrincipalRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';
import type { SignedIn } from './open.ts';
import type { Visit } from './visit.ts';

/** What the journal hears when a person opens a browser session. */
export const signedIn = (
  { id }: PrincipalRecord,
  { expiresAt }: Pick<SignedIn, 'expiresAt'>,
  { address }: Visit,
): Fact => ({
  type: 'principal.signed_in',
  subject: { type: 'principal', id },
  data: { address, ends_at: toTimestamp(expiresAt) },
});

/** What the journal hears when they close it. */
export const signedOut = ({ id }: PrincipalRecord): Fact => ({
  type: 'principal.signed_out',
  subject: { type: 'principal', id },
  data: {},
});
