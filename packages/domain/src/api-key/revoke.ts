import { ExecError } from '@xem/errors';
import { revokeApiKey, type ApiKey, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { cancelCallsOf } from '../invocation/revoke-requester.ts';
import { mutate } from '../mutate.ts';
import { describeKey } from './list.ts';

/** Ends a key and every browser session that was opened with it, for good. Again changes nothing. @throws ExecError api_key_not_found */
export async function revoke(ctx: VerbContext, { id }: ParsedInputOf<typeof revokeApiKey>): Promise<ApiKey> {
  const row = await mutate(ctx, revokeApiKey, async (tx) => {
    const current = await tx.access.apiKey(ctx.projectId, id);
    if (!current) throw new ExecError('api_key_not_found', `the project has no API key ${id}`);
    if (current.revokedAt !== null) return { result: current, facts: [] };
    const revoked = { ...current, revokedAt: ctx.clock.now() };
    await tx.access.saveApiKey(revoked);
    const cancelled = await cancelCallsOf(ctx, tx, revoked);
    const fact = { type: 'api_key.revoked', subject: { type: 'api_key', id } } as const;
    return { result: revoked, facts: [fact, ...cancelled] };
  });
  return describeKey(ctx, row);
}
