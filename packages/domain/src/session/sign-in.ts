import { ExecError } from '@xem/errors';
import { sha256Hex } from '@xem/protocol';
import { grantOf, type AccessServices } from '../access/authenticate.ts';
import { toCaller } from '../access/caller.ts';
import { internalOperation, systemContext, type Caller } from '../context.ts';
import { mutate } from '../mutate.ts';

const openSession = internalOperation('session.sign_in');

const SESSION_MS = 12 * 3_600_000;

/** An open session of a browser. The token goes into its cookie and nowhere else. */
export interface SignedIn {
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: number;
  readonly caller: Caller;
}

/**
 * Opens a browser session with a human's key; it may what the key may, and ends with it or after 12 hours.
 * @throws ExecError authentication_required, scope_insufficient for a service
 */
export async function signIn(services: AccessServices, keyValue: string): Promise<SignedIn> {
  const grant = await grantOf(services, keyValue);
  if (grant.principal.kind !== 'human') {
    throw new ExecError('scope_insufficient', 'only a human signs in; services use their key as a bearer');
  }
  const { clock, ids } = services;
  const now = clock.now();
  const expiresAt = Math.min(now + SESSION_MS, grant.key.expiresAt ?? Infinity);
  const session = { token: ids.token(), csrfToken: ids.token(), expiresAt };
  await mutate(systemContext(services, grant.project.id), openSession, async (tx) => {
    await tx.access.removeBrowserSessionsBefore(now);
    await tx.access.insertBrowserSession({
      tokenSha256: sha256Hex(session.token),
      projectId: grant.project.id,
      keyId: grant.key.id,
      csrfToken: session.csrfToken,
      createdAt: now,
      expiresAt,
    });
    return { result: undefined, facts: [] };
  });
  return { ...session, caller: toCaller(grant, { kind: 'console', expiresAt }) };
}
