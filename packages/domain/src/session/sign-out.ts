import { sha256Hex } from '@xem/protocol';
import type { AccessServices } from '../access/authenticate.ts';
import { holderOfKey } from '../access/grant.ts';
import { internalOperation } from '../context.ts';
import { mutate } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { signedOut } from './facts.ts';
import { visitContext, type Visit } from './visit.ts';

const closeSession = internalOperation('session.sign_out');

/** Ends a browser session. A token nobody knows ends nothing. */
export async function signOut(services: AccessServices, token: string, visit: Visit): Promise<void> {
  const tokenSha256 = sha256Hex(token);
  const { access } = services.store.read;
  const session = await access.browserSession(tokenSha256);
  const grant = session && (await holderOfKey(access, session));
  if (!grant) return;
  const { key, principal, project } = grant;
  const visitor = { projectId: project.id, actor: refOf(principal), keyId: key.id };
  await mutate(visitContext(services, visitor, visit), closeSession, async (tx) => {
    const isRemoved = await tx.access.removeBrowserSession(tokenSha256);
    return { result: undefined, facts: isRemoved ? [signedOut(principal)] : [] };
  });
}
