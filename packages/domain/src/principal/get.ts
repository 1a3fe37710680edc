import type { getPrincipal, ParsedInputOf, Principal } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { loadPrincipal } from './load.ts';
import { presentPrincipal } from './present.ts';

/** Reads a human or a service. @throws ExecError principal_not_found */
export const get = async (ctx: VerbContext, { id }: ParsedInputOf<typeof getPrincipal>): Promise<Principal> =>
  presentPrincipal(await loadPrincipal(ctx, ctx.store.read.access, { id }));
