import type { PrincipalRecord, ProjectRecord } from '@xem/store';
import { internalOperation, systemContext, type WriteServices } from '../context.ts';
import { mutate } from '../mutate.ts';
import { newPrincipal, principalCreated, type PrincipalDraft } from '../principal/record.ts';

const enlistPrincipal = internalOperation('principal.enlist');

/** Makes a principal from the router's host: the way in for the first human, and for nobody over the network. */
export function enlist(
  services: WriteServices,
  project: ProjectRecord,
  draft: PrincipalDraft,
): Promise<PrincipalRecord> {
  const ctx = systemContext(services, project.id);
  return mutate(ctx, enlistPrincipal, async (tx) => {
    const row = newPrincipal(ctx, draft, null);
    await tx.access.insertPrincipal(row);
    return { result: row, facts: [principalCreated(row)] };
  });
}
