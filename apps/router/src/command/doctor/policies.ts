import { findDoubts } from '@xem/domain';
import type { PolicyRecord, Reader } from '@xem/store';
import { fail, ok, skip, warn, type Check, type Finding } from './finding.ts';

const POLICIES_MAX = 10_000;

const nameOf = ({ name, workspaceId }: PolicyRecord, slug: string): string =>
  `${name} of ${workspaceId ?? slug}`;

async function ofProject(
  { policies, access }: Reader,
  { id, slug, now }: { readonly id: PolicyRecord['projectId']; readonly slug: string; readonly now: number },
): Promise<readonly Finding[]> {
  const rows = await policies.list(id, { limit: POLICIES_MAX });
  const deciders = await access.deciders(id, now);
  const found = rows.flatMap((row) =>
    findDoubts(row.rules, deciders).map(({ gate, unanswerable, says }) => {
      const verdict = unanswerable && gate === 'irreversible' ? fail : warn;
      return verdict('policies', `${nameOf(row, slug)}: ${says}`);
    }),
  );
  return found.length > 0 ? found : [ok('policies', `every gate of ${slug} has people who could answer`)];
}

/** Every gate has people who could answer it. */
export const policies: Check = async ({ store, ambient }) => {
  const read = store?.read;
  if (!read) return [skip('policies', 'the database is not of this version')];
  const now = ambient.clock.now();
  const projects = await read.access.projects();
  const found = await Promise.all(projects.map(({ id, slug }) => ofProject(read, { id, slug, now })));
  return found.flat();
};
