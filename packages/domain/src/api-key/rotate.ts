import { rotateApiKey, type OutputOf, type ParsedInputOf } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { ApiKeyRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { familiesOfSuccessor } from './families.ts';
import { assertLive, loadHolder, loadKey } from './load.ts';
import { assertMayMint } from './may-mint.ts';
import { keyCreated, mintKey } from './mint.ts';
import { presentApiKey } from './present.ts';

const keyRotated = (old: ApiKeyRecord, successor: ApiKeyRecord, endsAt: number): Fact => ({
  type: 'api_key.rotated',
  subject: { type: 'api_key', id: old.id },
  data: { into: successor.id, ends_at: toTimestamp(endsAt) },
});

/**
 * Replaces a key by one with the same rights, whose value is in this answer only; the old one ends after the grace, at
 * once when there is none. The new one is of the family of the old one, and comes from the key that rotates it, whose
 * holder is told its value. What the old one asked for goes on: revoke a key that leaked.
 * @throws ExecError api_key_not_found, scope_insufficient, invalid_state
 */
export const rotate = (
  ctx: VerbContext,
  { id, grace_seconds: graceSeconds }: ParsedInputOf<typeof rotateApiKey>,
): Promise<OutputOf<typeof rotateApiKey>> =>
  mutate(ctx, rotateApiKey, async (tx) => {
    const old = await loadKey(ctx, tx.access, id);
    const principal = await loadHolder(tx.access, old);
    assertMayMint(ctx, {
      holder: principal,
      rights: old,
      rate: old.rate,
      expiresAt: old.expiresAt,
      place: null,
    });
    const now = ctx.clock.now();
    assertLive(old, now);
    const families = familiesOfSuccessor(old, ctx.caller.credential);
    const { slug } = ctx.caller.project;
    const { row, value } = mintKey(ctx, { ...old, slug, principal, replaces: { id, families } });
    const endsAt = Math.min(now + graceSeconds * 1000, old.expiresAt ?? Infinity);
    await tx.access.insertApiKey(row);
    await tx.access.saveApiKey({ ...old, expiresAt: endsAt });
    const result = { ...presentApiKey(row, refOf(principal)), value };
    return { result, facts: [keyCreated(row), keyRotated(old, row, endsAt)] };
  });
