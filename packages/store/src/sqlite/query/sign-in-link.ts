import type { AccessReader, AccessWriter } from '../../access.ts';
import { rowsOf } from '../rows.ts';
import { signInLink } from '../schema/link.ts';
import { prepareWrite, type Session } from '../session.ts';

type SignInLinks = Pick<
  AccessWriter,
  'insertSignInLink' | 'takeSignInLink' | 'removeSignInLinksOf' | 'removeSignInLinksBefore'
>;

/** Reads of the one-time links with which new humans sign in. */
export function signInLinkReader(session: Session): Pick<AccessReader, 'signInLink'> {
  const byToken = rowsOf(session, signInLink).select('WHERE t.token_sha256 = ?');
  return { signInLink: async (tokenSha256) => byToken.one(tokenSha256) };
}

/** Writes of the one-time links with which new humans sign in. */
export function signInLinkWriter(session: Session): SignInLinks {
  const rows = rowsOf(session, signInLink);
  const insert = rows.insert();
  const byToken = rows.select('WHERE t.token_sha256 = ?');
  const remove = prepareWrite(session, 'DELETE FROM sign_in_link WHERE token_sha256 = ?');
  const removeOf = prepareWrite(session, 'DELETE FROM sign_in_link WHERE principal_id = ?');
  const removeBefore = prepareWrite(session, 'DELETE FROM sign_in_link WHERE expires_at < ?');
  return {
    insertSignInLink: async (row) => void insert(row),
    takeSignInLink: async (tokenSha256) => {
      const link = byToken.one(tokenSha256);
      return link && remove(tokenSha256) === 1 ? link : null;
    },
    removeSignInLinksOf: async (principalId) => void removeOf(principalId),
    removeSignInLinksBefore: async (now) => void removeBefore(now),
  };
}
