import { listInvocations, type Invocation, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { msOrUndefined } from '../timestamp.ts';
import { presentInvocation } from './present.ts';

/** Lists the project's invocations, newest first. */
export async function list(
  ctx: VerbContext,
  input: ParsedInputOf<typeof listInvocations>,
): Promise<Page<Invocation>> {
  const { limit, after, ...filter } = input;
  const conditions = {
    status: filter.status,
    tool: filter.tool,
    workspaceId: filter.workspace_id,
    agentId: filter.agent_id,
    requestedBy: filter.requested_by,
    surface: filter.surface,
    createdAfter: msOrUndefined(filter.created_after),
    createdBefore: msOrUndefined(filter.created_before),
  };
  return readPage(
    { projectId: ctx.projectId, route: listInvocations.id, filter },
    { limit, after },
    {
      rows: (slice) => ctx.store.read.invocations.list(ctx.projectId, conditions, slice),
      position: positionOf,
      present: (row) => presentInvocation(row, ctx.settings),
    },
  );
}
