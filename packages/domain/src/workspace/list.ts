import { listWorkspaces, type Page, type ParsedInputOf, type Workspace } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { presentWorkspace } from './present.ts';

/** Lists the workspaces of the project, newest first. */
export const list = (
  ctx: VerbContext,
  page: ParsedInputOf<typeof listWorkspaces>,
): Promise<Page<Workspace>> =>
  readPage({ projectId: ctx.projectId, route: listWorkspaces.id, filter: {} }, page, {
    rows: async (slice) => {
      const rows = await ctx.store.read.workspaces.list(ctx.projectId, slice);
      return Promise.all(
        rows.map(async (row) => ({ row, shown: await presentWorkspace(ctx, ctx.store.read, row) })),
      );
    },
    position: ({ row }) => row,
    present: ({ shown }) => shown,
  });
