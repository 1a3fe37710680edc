import type { ProjectRecord } from '@xem/store';
import { keyCreated, mintKey, type KeyDraft } from '../api-key/mint.ts';
import { internalOperation, systemContext, type WriteServices } from '../context.ts';
import { mutate } from '../mutate.ts';

const issue = internalOperation('api_key.issue');

/** Mints a key from the router's host; answers its value. */
export function issueKey(
  services: WriteServices,
  project: ProjectRecord,
  draft: Omit<KeyDraft, 'slug' | 'expiresAt'>,
): Promise<string> {
  const ctx = systemContext(services, project.id);
  return mutate(ctx, issue, async (tx) => {
    const { row, value } = mintKey(ctx, { ...draft, slug: project.slug, expiresAt: null });
    await tx.access.insertApiKey(row);
    return { result: value, facts: [keyCreated(row)] };
  });
}
