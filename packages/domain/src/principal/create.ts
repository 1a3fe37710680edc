import { createPrincipal, type ParsedInputOf, type Principal } from '@xem/protocol';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { presentPrincipal } from './present.ts';
import { newPrincipal, principalCreated } from './record.ts';

/** Makes a human or a service. Only humans do: no program brings an approver into being. @throws ExecError scope_insufficient */
export const create = (ctx: VerbContext, input: ParsedInputOf<typeof createPrincipal>): Promise<Principal> =>
  mutate(ctx, createPrincipal, async (tx) => {
    assertHuman(ctx, 'makes principals');
    const row = newPrincipal(ctx, input, ctx.caller.principal);
    await tx.access.insertPrincipal(row);
    return { result: presentPrincipal(row), facts: [principalCreated(row)] };
  });
