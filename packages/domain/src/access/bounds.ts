import type { ApiKeyRecord } from '@xem/store';
import type { Services, VerbContext } from '../context.ts';
import { isUsable } from './caller.ts';

/** Where, from where and how long a key is good. */
export type KeyBounds = Pick<ApiKeyRecord, 'endpoints' | 'ipAllow' | 'expiresAt'>;

/** What bounds hold by now for a caller who came in before; null when their key opens nothing any more. */
export async function boundsNow({
  store,
  clock,
  caller,
}: Pick<VerbContext, keyof Services | 'caller'>): Promise<KeyBounds | null> {
  const { access } = store.read;
  const { project, principal: who, credential } = caller;
  const [key, principal] = await Promise.all([
    access.apiKey(project.id, credential.keyId),
    access.principal(project.id, who.id),
  ]);
  return key && principal && isUsable({ key, principal }, clock.now()) ? key : null;
}
