import type { ProjectId, SignedHead } from '@xem/protocol';
import type { Services } from '../context.ts';
import { signPlace } from './signed-head.ts';

/**
 * Signs how far the chain of a project has come. Null when there is nothing new, and when the chain is in doubt: what
 * was signed before stays the last word then.
 */
export async function signHead(
  { store, clock, chains, identity }: Pick<Services, 'store' | 'clock' | 'chains' | 'identity'>,
  projectId: ProjectId,
): Promise<SignedHead | null> {
  if (chains.doubt(projectId) !== null) return null;
  const { seq, hash } = await store.read.journal.head(projectId);
  if (seq === 0 || seq === chains.signed(projectId)?.seq) return null;
  return signPlace(identity, { projectId, seq, hash, at: clock.now() });
}
