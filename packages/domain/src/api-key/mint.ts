import { ApiKeyId, sha256Hex, type RateLimit, type Scope } from '@xem/protocol';
import type { ApiKeyRecord, PrincipalRecord } from '@xem/store';
import type { Credential, WriteContext } from '../context.ts';
import type { Fact } from '../mutate.ts';

const PREFIX_CHARS = 12;

/** What a key that names no rate may send. */
export const RATE_DEFAULT: RateLimit = { per_minute: 600, burst: 100 };

/** What a key is for. `expiresAt` in milliseconds since 1970. */
export interface KeyDraft {
  readonly slug: string;
  readonly principal: PrincipalRecord;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly canDecide: boolean;
  /** The key that mints it, the one behind that, and so on; none on the router's host. */
  readonly ancestors?: readonly ApiKeyId[];
  readonly rate: RateLimit;
  readonly endpoints?: readonly string[] | null;
  readonly ipAllow?: readonly string[] | null;
  readonly expiresAt: number | null;
  /** The key it replaces. */
  readonly rotatedFrom?: ApiKeyId;
}

/** A key and its value, which is shown once and stored nowhere. */
export interface MintedKey {
  readonly row: ApiKeyRecord;
  readonly value: string;
}

/** Draws a key: `xero_<slug>_` and 32 random bytes. */
export function mintKey(ctx: WriteContext, draft: KeyDraft): MintedKey {
  const value = `xero_${draft.slug}_${ctx.ids.token()}`;
  const row: ApiKeyRecord = {
    id: ApiKeyId.parse(`key_${ctx.ids.hex()}`),
    projectId: ctx.projectId,
    principalId: draft.principal.id,
    name: draft.name,
    prefix: value.slice(0, PREFIX_CHARS),
    valueSha256: sha256Hex(value),
    scopes: [...new Set(draft.scopes)],
    canDecide: draft.canDecide,
    rate: draft.rate,
    endpoints: draft.endpoints ?? null,
    ipAllow: draft.ipAllow ?? null,
    expiresAt: draft.expiresAt,
    lastUsedAt: null,
    revokedAt: null,
    rotatedFrom: draft.rotatedFrom ?? null,
    ancestors: draft.ancestors ?? [],
    createdAt: ctx.clock.now(),
  };
  return { row, value };
}

/** The line of keys that a key comes from which this credential mints. */
export const lineOf = ({ keyId, ancestors }: Credential): readonly ApiKeyId[] => [keyId, ...ancestors];

/** What the journal hears of a new key. */
export const keyCreated = ({ id, principalId, scopes, canDecide }: ApiKeyRecord): Fact => ({
  type: 'api_key.created',
  subject: { type: 'api_key', id },
  data: { principal_id: principalId, scopes, can_decide: canDecide },
});
