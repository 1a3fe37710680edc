import { sha256Hex } from '@xem/protocol';
import type { AccessServices } from '../access/authenticate.ts';
import { internalOperation, systemContext } from '../context.ts';
import { mutate } from '../mutate.ts';

const closeSession = internalOperation('session.sign_out');

/** Ends a browser session. A token nobody knows ends nothing. */
export async function signOut(services: AccessServices, token: string): Promise<void> {
  const tokenSha256 = sha256Hex(token);
  const session = await services.store.read.access.browserSession(tokenSha256);
  if (!session) return;
  await mutate(systemContext(services, session.projectId), closeSession, async (tx) => {
    await tx.access.removeBrowserSession(tokenSha256);
    return { result: undefined, facts: [] };
  });
}
