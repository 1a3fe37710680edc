import { createInvocation, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { admit } from './admit.ts';
import type { Admission } from './admission.ts';
import { planCall } from './plan.ts';

/**
 * Asks for a tool call. A gated one waits for a human; any other goes to an agent in the same transaction when one
 * has a free slot. With `dry_run` it tells what would happen and stores nothing.
 * @throws ExecError the codes of `createInvocation`
 */
export async function create(
  ctx: VerbContext,
  input: ParsedInputOf<typeof createInvocation>,
): Promise<Admission> {
  const { dry_run: dryRun = false, ...request } = input;
  if (dryRun) return { kind: 'planned', body: await planCall(ctx, request) };
  return admit(ctx, request, { operation: createInvocation, body: input, rerunOf: null });
}
