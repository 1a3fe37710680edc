import { ExecError } from '@xem/errors';
import { grantOf, type AccessServices } from '../access/authenticate.ts';
import { toCaller } from '../access/caller.ts';
import { internalOperation } from '../context.ts';
import { mutate } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { signedIn } from './facts.ts';
import { openSession, type SignedIn } from './open.ts';
import { visitContext, type Visit } from './visit.ts';

const signingIn = internalOperation('session.sign_in');

/**
 * Opens a browser session with a human's key; it may what the key may, and ends with it or after 12 hours.
 * @throws ExecError authentication_required, scope_insufficient for a service
 */
export async function signIn(services: AccessServices, keyValue: string, visit: Visit): Promise<SignedIn> {
  const grant = await grantOf(services, keyValue);
  const { key, principal, project } = grant;
  if (principal.kind !== 'human') {
    throw new ExecError('scope_insufficient', 'only a human signs in; services use their key as a bearer');
  }
  const visitor = { projectId: project.id, actor: refOf(principal), keyId: key.id };
  const session = await mutate(visitContext(services, visitor, visit), signingIn, async (tx) => {
    const opened = await openSession(services, tx, key);
    return { result: opened, facts: [signedIn(principal, opened, visit)] };
  });
  return { ...session, caller: toCaller(grant, { kind: 'console', expiresAt: session.expiresAt }) };
}
