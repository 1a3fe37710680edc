import { HOUR_MS } from '@xem/protocol';
import type { ApiKeyRecord } from '@xem/store';
import { internalOperation, systemContext, type Services } from '../context.ts';
import { mutate } from '../mutate.ts';

const noteKeyUse = internalOperation('api_key.note_use');

/** `last_used_at` is as exact as this: a write for each request would cost more than the news is worth. */
const NOTE_EVERY_MS = HOUR_MS;

/** Remembers that a key was used. A store that cannot write now is no reason to turn a reader away. */
export async function noteUse(
  services: Pick<Services, 'store' | 'clock' | 'ids' | 'log'>,
  { id, projectId, lastUsedAt }: ApiKeyRecord,
): Promise<void> {
  const now = services.clock.now();
  if (lastUsedAt !== null && now - lastUsedAt < NOTE_EVERY_MS) return;
  const noted = mutate(systemContext(services, projectId), noteKeyUse, async (tx) => {
    const current = await tx.access.apiKey(projectId, id);
    if (current) await tx.access.saveApiKey({ ...current, lastUsedAt: now });
    return { result: undefined, facts: [] };
  });
  await noted.catch((err: unknown) => services.log.warn('api_key.use_not_noted', { keyId: id, err }));
}
