import { sha256Hex } from '@xem/protocol';
import { refuseCaller, type AccessServices } from '../access/authenticate.ts';
import { toCaller } from '../access/caller.ts';
import { grantOfKey } from '../access/grant.ts';
import type { Caller } from '../context.ts';

/** Who a browser belongs to, and the token its forms must carry. */
export interface BrowserCaller {
  readonly caller: Caller;
  readonly csrfToken: string;
}

/** Tells who presents a session's cookie; the session dies with its key. @throws ExecError authentication_required */
export async function resume(services: AccessServices, token: string): Promise<BrowserCaller> {
  const { access } = services.store.read;
  const session = await access.browserSession(sha256Hex(token));
  const now = services.clock.now();
  if (!session || session.expiresAt <= now) throw refuseCaller();
  const grant = await grantOfKey(access, session, now);
  if (!grant) throw refuseCaller();
  const { expiresAt, csrfToken } = session;
  return { caller: toCaller(grant, { kind: 'console', expiresAt }), csrfToken };
}
