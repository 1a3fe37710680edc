import { revokeApiKey, type ApiKey, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { cancelCallsOf } from '../invocation/revoke-requester.ts';
import { mutate } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { loadHolder, loadKey } from './load.ts';
import { assertMayNarrow } from './may-change.ts';
import { presentApiKey } from './present.ts';

/**
 * Ends a key for good, every browser session that was opened with it, and what it asked for and waits. Again changes
 * nothing. @throws ExecError api_key_not_found, scope_insufficient for a service and the key of a human
 */
export const revoke = (ctx: VerbContext, { id }: ParsedInputOf<typeof revokeApiKey>): Promise<ApiKey> =>
  mutate(ctx, revokeApiKey, async (tx) => {
    const current = await loadKey(ctx, tx.access, id);
    const holder = await loadHolder(tx.access, current);
    assertMayNarrow(ctx, holder);
    if (current.revokedAt !== null) return { result: presentApiKey(current, refOf(holder)), facts: [] };
    const now = ctx.clock.now();
    const revoked = { ...current, revokedAt: now };
    await tx.access.saveApiKey(revoked);
    await tx.access.removeBrowserSessionsOf({ principalId: holder.id, keyId: id }, now);
    const cancelled = await cancelCallsOf(ctx, tx, { principalId: holder.id, keyId: id });
    const fact = { type: 'api_key.revoked', subject: { type: 'api_key', id }, data: {} } as const;
    return { result: presentApiKey(revoked, refOf(holder)), facts: [fact, ...cancelled] };
  });
