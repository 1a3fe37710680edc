import type { ApiKey, getApiKey, ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { refOf } from '../principal/record.ts';
import { loadHolder, loadKey } from './load.ts';
import { presentApiKey } from './present.ts';

/** Reads a key, without its value. @throws ExecError api_key_not_found */
export async function get(ctx: VerbContext, { id }: ParsedInputOf<typeof getApiKey>): Promise<ApiKey> {
  const { access } = ctx.store.read;
  const row = await loadKey(ctx, access, id);
  return presentApiKey(row, refOf(await loadHolder(access, row)));
}
