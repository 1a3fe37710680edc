import { ExecError } from '@xem/errors';
import { grantOf, type AccessServices } from '../access/authenticate.ts';
import { toCaller } from '../access/caller.ts';
import { internalOperation, systemContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { openSession, type SignedIn } from './open.ts';

const signingIn = internalOperation('session.sign_in');

/**
 * Opens a browser session with a human's key; it may what the key may, and ends with it or after 12 hours.
 * @throws ExecError authentication_required, scope_insufficient for a service
 */
export async function signIn(services: AccessServices, keyValue: string): Promise<SignedIn> {
  const grant = await grantOf(services, keyValue);
  if (grant.principal.kind !== 'human') {
    throw new ExecError('scope_insufficient', 'only a human signs in; services use their key as a bearer');
  }
  const session = await mutate(systemContext(services, grant.project.id), signingIn, async (tx) => ({
    result: await openSession(services, tx, grant.key),
    facts: [],
  }));
  return { ...session, caller: toCaller(grant, { kind: 'console', expiresAt: session.expiresAt }) };
}
