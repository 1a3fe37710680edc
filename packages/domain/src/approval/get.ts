import type { Approval, getApproval, ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { loadOver } from './load.ts';
import { presentApproval } from './present.ts';

/** Reads an approval as its caller may see it. @throws ExecError approval_not_found */
export async function get(ctx: VerbContext, input: ParsedInputOf<typeof getApproval>): Promise<Approval> {
  const { approval, rules } = await loadOver(ctx, ctx.store.read, input.id);
  return presentApproval(ctx, approval, rules);
}
