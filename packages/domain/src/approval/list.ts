import { listApprovals, type Approval, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { rulesOf } from './load.ts';
import { presentApproval } from './present.ts';

/** Lists the project's approvals, newest first. */
export async function list(
  ctx: VerbContext,
  input: ParsedInputOf<typeof listApprovals>,
): Promise<Page<Approval>> {
  const { limit, after, ...filter } = input;
  const conditions = {
    status: filter.status,
    risk: filter.risk,
    tool: filter.tool,
    workspaceId: filter.workspace_id,
    invocationId: filter.invocation_id,
  };
  const { approvals, policies } = ctx.store.read;
  const page = await readPage(
    { projectId: ctx.projectId, route: listApprovals.id, filter },
    { limit, after },
    {
      rows: (slice) => approvals.list(ctx.projectId, conditions, slice),
      position: positionOf,
      present: (row) => row,
    },
  );
  const data = await Promise.all(
    page.data.map(async (row) => presentApproval(ctx, row, await rulesOf(policies, row))),
  );
  return { ...page, data };
}
