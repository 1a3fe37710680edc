import { HOUR_MS, sha256Hex } from '@xem/protocol';
import type { ApiKeyRecord, WriteTx } from '@xem/store';
import type { Caller, WriteServices } from '../context.ts';

const SESSION_MS = 12 * HOUR_MS;

/** An open session of a browser. The token goes into its cookie and nowhere else. */
export interface SignedIn {
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: number;
  readonly caller: Caller;
}

/** Opens a browser session with a key, for 12 hours at most and no longer than the key. */
export async function openSession(
  { clock, ids }: WriteServices,
  tx: WriteTx,
  key: ApiKeyRecord,
): Promise<Omit<SignedIn, 'caller'>> {
  const now = clock.now();
  const expiresAt = Math.min(now + SESSION_MS, key.expiresAt ?? Infinity);
  const session = { token: ids.token(), csrfToken: ids.token(), expiresAt };
  await tx.access.removeBrowserSessionsBefore(now);
  await tx.access.insertBrowserSession({
    tokenSha256: sha256Hex(session.token),
    projectId: key.projectId,
    keyId: key.id,
    csrfToken: session.csrfToken,
    createdAt: now,
    expiresAt,
  });
  return session;
}
