import { listApiKeys, type ApiKey, type Page, type ParsedInputOf } from '@xem/protocol';
import type { ApiKeyRecord } from '@xem/store';
import type { ProjectContext, VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { refOf } from '../principal/record.ts';
import { loadHolder } from './load.ts';
import { presentApiKey } from './present.ts';

/** A key with its holder named. */
async function describeKey(ctx: ProjectContext, row: ApiKeyRecord): Promise<ApiKey> {
  return presentApiKey(row, refOf(await loadHolder(ctx.store.read.access, row)));
}

/** Lists the keys of the project or of one principal, newest first, the revoked ones too. */
export const list = (
  ctx: VerbContext,
  { principal_id: principalId, ...page }: ParsedInputOf<typeof listApiKeys>,
): Promise<Page<ApiKey>> =>
  readPage({ projectId: ctx.projectId, route: listApiKeys.id, filter: { principalId } }, page, {
    rows: async (slice) => {
      const rows = await ctx.store.read.access.apiKeys(ctx.projectId, { principalId }, slice);
      return Promise.all(rows.map(async (row) => ({ row, shown: await describeKey(ctx, row) })));
    },
    position: ({ row }) => row,
    present: ({ shown }) => shown,
  });
