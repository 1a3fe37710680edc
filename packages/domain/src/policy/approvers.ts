import type { PolicyRules } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { countsFor } from './groups.ts';
import type { Gate } from './rules.ts';

/** How many people could give a voice that counts for a call that the caller asks for now. */
export async function countApprovers(ctx: VerbContext, rules: PolicyRules, gate: Gate): Promise<number> {
  const deciders = await ctx.store.read.access.deciders(ctx.projectId, ctx.clock.now());
  const isAsking = ({ id }: { readonly id: string }): boolean => id === ctx.caller.principal.id;
  const eligible = deciders
    .filter((decider) => countsFor(rules.quorum[gate], decider))
    .filter((decider) => rules.allowSelfApproval[gate] || !isAsking(decider));
  return eligible.length;
}
