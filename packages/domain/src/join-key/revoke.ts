import { ExecError } from '@xem/errors';
import { revokeJoinKey, type JoinKey, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { joinKeyFact } from './facts.ts';
import { presentJoinKey } from './present.ts';

/** Ends a join key; agents that enrolled with it stay. Again changes nothing. @throws ExecError join_key_not_found */
export const revoke = (ctx: VerbContext, { id }: ParsedInputOf<typeof revokeJoinKey>): Promise<JoinKey> =>
  mutate(ctx, revokeJoinKey, async (tx) => {
    const current = await tx.joinKeys.get(ctx.projectId, id);
    if (!current) throw new ExecError('join_key_not_found', `the project has no join key ${id}`);
    if (current.revokedAt !== null) {
      return { result: await presentJoinKey(ctx, tx.joinKeys, current), facts: [] };
    }
    const row = await tx.joinKeys.save({ ...current, revokedAt: ctx.clock.now() });
    return {
      result: await presentJoinKey(ctx, tx.joinKeys, row),
      facts: [joinKeyFact('join_key.revoked', id, {})],
    };
  });
