import { listApiKeys, type ApiKey, type Page, type ParsedInputOf } from '@xem/protocol';
import type { ApiKeyRecord } from '@xem/store';
import type { ProjectContext, VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { refOf } from '../principal/record.ts';
import { presentApiKey } from './present.ts';

/** A key with its holder named. */
export async function describeKey(ctx: ProjectContext, row: ApiKeyRecord): Promise<ApiKey> {
  const holder = await ctx.store.read.access.principal(ctx.projectId, row.principalId);
  if (!holder) throw new Error(`key ${row.id} has no principal`);
  return presentApiKey(row, refOf(holder));
}

/** Lists the keys of the project, newest first, the revoked ones too. */
export const list = (ctx: VerbContext, page: ParsedInputOf<typeof listApiKeys>): Promise<Page<ApiKey>> =>
  readPage({ projectId: ctx.projectId, route: listApiKeys.id, filter: {} }, page, {
    rows: async (slice) => {
      const rows = await ctx.store.read.access.apiKeys(ctx.projectId, slice);
      return Promise.all(rows.map(async (row) => ({ row, shown: await describeKey(ctx, row) })));
    },
    position: ({ row }) => row,
    present: ({ shown }) => shown,
  });
