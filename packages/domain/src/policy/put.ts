import { putPolicy, type Policy } from '@xem/protocol';
import type { PolicyRecord } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { mutate, type Change } from '../mutate.ts';
import { assertAnswerable, changesNothing, draftPolicy, type PolicyRequest } from './draft.ts';
import { policyFact } from './facts.ts';
import { describePolicies, presentPolicy } from './present.ts';

/** What a request would bring into force. Nothing is stored. */
async function plan(ctx: VerbContext, request: PolicyRequest): Promise<PolicyRecord> {
  const draft = await draftPolicy(ctx, ctx.store.read, request);
  if (changesNothing(draft)) return draft.inForce;
  await assertAnswerable(ctx, ctx.store.read, draft.next);
  return draft.next;
}

const store = (ctx: VerbContext, request: PolicyRequest): Promise<PolicyRecord> =>
  mutate(ctx, putPolicy, async (tx): Promise<Change<PolicyRecord>> => {
    const draft = await draftPolicy(ctx, tx, request);
    const { inForce, next, isNew } = draft;
    if (changesNothing(draft)) return { result: inForce, facts: [] };
    await assertAnswerable(ctx, tx, next);
    await tx.policies.insert(next);
    const type = isNew ? 'policy.created' : 'policy.updated';
    return { result: next, facts: [policyFact(type, next, { was: inForce, now: next })] };
  });

/**
 * Sets the policy of a workspace or of the project, as a new version; what is in force already is not written again.
 * With `dry_run` it tells what would be in force and stores nothing. Humans only.
 * @throws ExecError scope_insufficient, workspace_not_found, invalid_body, invalid_state
 */
export async function put(
  ctx: VerbContext,
  { dry_run: dryRun = false, ...request }: PolicyRequest,
): Promise<Policy> {
  assertHuman(ctx, 'changes policies');
  const row = await (dryRun ? plan(ctx, request) : store(ctx, request));
  const [shown = presentPolicy(row)] = await describePolicies(ctx, ctx.store.read.access, [row]);
  return shown;
}
