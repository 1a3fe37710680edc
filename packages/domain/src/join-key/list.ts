import { listJoinKeys, type JoinKey, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { presentJoinKey } from './present.ts';

/** Lists the join keys of the project, newest first, the ended ones too. */
export const list = (ctx: VerbContext, page: ParsedInputOf<typeof listJoinKeys>): Promise<Page<JoinKey>> =>
  readPage({ projectId: ctx.projectId, route: listJoinKeys.id, filter: {} }, page, {
    rows: async (slice) => {
      const { joinKeys } = ctx.store.read;
      const rows = await joinKeys.list(ctx.projectId, slice);
      return Promise.all(rows.map(async (row) => ({ row, shown: await presentJoinKey(ctx, joinKeys, row) })));
    },
    position: ({ row }) => row,
    present: ({ shown }) => shown,
  });
