import { ExecError } from '@xem/errors';
import { listPolicyVersions, type Page, type ParsedInputOf, type Policy } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { presentPolicy } from './present.ts';

/** Lists the versions of a policy, newest first; those of one that was deleted too. @throws ExecError policy_not_found */
export async function versions(
  ctx: VerbContext,
  { id, ...request }: ParsedInputOf<typeof listPolicyVersions>,
): Promise<Page<Policy>> {
  const { policies } = ctx.store.read;
  if (!(await policies.latest(ctx.projectId, id))) {
    throw new ExecError('policy_not_found', `the project has no approval policy ${id}`);
  }
  return readPage({ projectId: ctx.projectId, route: listPolicyVersions.id, filter: { id } }, request, {
    rows: ({ limit, after }) =>
      policies.versions(ctx.projectId, id, { limit, below: after?.createdAt ?? Number.MAX_SAFE_INTEGER }),
    position: ({ version }) => ({ createdAt: version, id }),
    present: (row) => presentPolicy(row),
  });
}
