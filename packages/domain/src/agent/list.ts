import { listAgents, type Agent, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { presentAgent } from './present.ts';

/** Lists the agents of the project, newest first, the retired ones too. */
export function list(ctx: VerbContext, query: ParsedInputOf<typeof listAgents>): Promise<Page<Agent>> {
  const { limit, after, ...filter } = query;
  const conditions = { status: filter.status, workspaceId: filter.workspace_id };
  return readPage(
    { projectId: ctx.projectId, route: listAgents.id, filter },
    { limit, after },
    {
      rows: async (slice) => {
        const rows = await ctx.store.read.agents.list(ctx.projectId, conditions, slice);
        return Promise.all(rows.map(async (row) => ({ row, shown: await presentAgent(ctx, row) })));
      },
      position: ({ row }) => row,
      present: ({ shown }) => shown,
    },
  );
}
