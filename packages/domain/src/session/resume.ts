import { sha256Hex } from '@xem/protocol';
import type { BrowserSessionRecord } from '@xem/store';
import { refuseCaller, type AccessServices } from '../access/authenticate.ts';
import { isUsable, toCaller, type Grant } from '../access/caller.ts';
import type { Caller } from '../context.ts';

/** Who a browser belongs to, and the token its forms must carry. */
export interface BrowserCaller {
  readonly caller: Caller;
  readonly csrfToken: string;
}

/** The key that a session was opened with, whether or not it still opens anything. */
export async function grantBehind(
  { store }: AccessServices,
  { projectId, keyId }: BrowserSessionRecord,
): Promise<Grant | null> {
  const { access } = store.read;
  const [key, project] = await Promise.all([access.apiKey(projectId, keyId), access.project(projectId)]);
  const principal = key && (await access.principal(projectId, key.principalId));
  return key && principal && project ? { key, principal, project } : null;
}

/** Tells who presents a session's cookie; the session dies with its key. @throws ExecError authentication_required */
export async function resume(services: AccessServices, token: string): Promise<BrowserCaller> {
  const session = await services.store.read.access.browserSession(sha256Hex(token));
  const now = services.clock.now();
  if (!session || session.expiresAt <= now) throw refuseCaller();
  const grant = await grantBehind(services, session);
  if (!grant || !isUsable(grant, now)) throw refuseCaller();
  const { expiresAt, csrfToken } = session;
  return { caller: toCaller(grant, { kind: 'console', expiresAt }), csrfToken };
}
