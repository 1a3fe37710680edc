import { ExecError } from '@xem/errors';
import { deletePolicy, type OutputOf, type ParsedInputOf } from '@xem/protocol';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { policyFact } from './facts.ts';
import { loadPolicy } from './get.ts';
import { policyInForce } from './rules.ts';

/**
 * Takes the policy of a workspace out of force, as a last version of it: the project's takes over. Humans only.
 * @throws ExecError scope_insufficient, policy_not_found, invalid_state for the project's own
 */
export const remove = (
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof deletePolicy>,
): Promise<OutputOf<typeof deletePolicy>> =>
  mutate(ctx, deletePolicy, async (tx) => {
    assertHuman(ctx, 'changes policies');
    const was = await loadPolicy(ctx, tx.policies, id);
    if (was.workspaceId === null) {
      throw new ExecError('invalid_state', 'a project is never without its policy; set another one');
    }
    const { caller, clock, projectId } = ctx;
    const last = {
      version: was.version + 1,
      retired: true,
      createdBy: caller.principal,
      createdAt: clock.now(),
    };
    const row = { ...was, ...last };
    await tx.policies.insert(row);
    const now = await policyInForce(tx.policies, { projectId, workspaceId: was.workspaceId });
    return {
      result: { object: 'approval_policy', id, deleted: true },
      facts: [policyFact('policy.deleted', row, { was, now })],
    };
  });
