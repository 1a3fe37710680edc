import { ApiKeyId, sha256Hex, type RateLimit, type Scope } from '@xem/protocol';
import type { ApiKeyRecord, PrincipalRecord } from '@xem/store';
import type { WriteContext } from '../context.ts';
import type { FactOf } from '../mutate.ts';

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
  /** The families that it comes from; none on the router's host. */
  readonly behind?: readonly ApiKeyId[];
  readonly rate: RateLimit;
  readonly endpoints?: readonly string[] | null;
  readonly ipAllow?: readonly string[] | null;
  readonly expiresAt: number | null;
  /** The key whose place it takes, and the families that it has then. */
  readonly replaces?: Pick<ApiKeyRecord, 'id' | 'families'>;
}

/** A key and its value, which is shown once and stored nowhere. */
export interface MintedKey {
  readonly row: ApiKeyRecord;
  readonly value: string;
}

/** Draws a key: `xero_<slug>_` and 32 random bytes. */
export function mintKey(ctx: WriteContext, draft: KeyDraft): MintedKey {
  const value = `xero_${draft.slug}_${ctx.ids.token()}`;
  const id = ApiKeyId.parse(`key_${ctx.ids.hex()}`);
  const row: ApiKeyRecord = {
    id,
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
    rotatedFrom: draft.replaces?.id ?? null,
    families: draft.replaces?.families ?? [id, ...(draft.behind ?? [])],
    createdAt: ctx.clock.now(),
  };
  return { row, value };
}

/** What the journal hears of a new key. */
export const keyCreated = ({
  id,
  principalId,
  scopes,
  canDecide,
}: ApiKeyRecord): FactOf<'api_key.created'> => ({
  type: 'api_key.created',
  subject: { type: 'api_key', id },
  data: { principal_id: principalId, scopes, can_decide: canDecide },
});
