import { listExecutions, type Execution, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { msOrUndefined } from '../timestamp.ts';
import { presentExecution } from './present.ts';

/** Lists the project's executions, newest first. */
export async function list(
  ctx: VerbContext,
  input: ParsedInputOf<typeof listExecutions>,
): Promise<Page<Execution>> {
  const { limit, after, ...filter } = input;
  const conditions = {
    status: filter.status,
    tool: filter.tool,
    workspaceId: filter.workspace_id,
    agentId: filter.agent_id,
    invocationId: filter.invocation_id,
    createdAfter: msOrUndefined(filter.created_after),
    createdBefore: msOrUndefined(filter.created_before),
  };
  return readPage(
    { projectId: ctx.projectId, route: listExecutions.id, filter },
    { limit, after },
    {
      rows: (slice) => ctx.store.read.executions.list(ctx.projectId, conditions, slice),
      position: positionOf,
      present: presentExecution,
    },
  );
}
