import {
  setApiKeyEndpoints,
  setApiKeyIpFilter,
  setApiKeyQuota,
  type ApiKey,
  type ApiKeyId,
  type ParsedInputOf,
} from '@xem/protocol';
import type { ApiKeyRecord } from '@xem/store';
import type { Governed, VerbContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { assertLive, loadHolder, loadKey } from './load.ts';
import { assertMayLimit } from './may-change.ts';
import { assertPins } from './pins.ts';
import { presentApiKey } from './present.ts';

type Limits = Partial<Pick<ApiKeyRecord, 'rate' | 'endpoints' | 'ipAllow'>>;

const keyUpdated = ({ id, rate, endpoints: pins, ipAllow }: ApiKeyRecord): Fact => ({
  type: 'api_key.updated',
  subject: { type: 'api_key', id },
  data: { rate, endpoints: pins, ip_allow: ipAllow },
});

/** Gives a key other limits; what is open and goes beyond them ends. */
const limit = (
  ctx: VerbContext,
  operation: Governed,
  { id, limits }: { readonly id: ApiKeyId; readonly limits: Limits },
): Promise<ApiKey> =>
  mutate(ctx, operation, async (tx) => {
    const before = await loadKey(ctx, tx.access, id);
    const holder = await loadHolder(tx.access, before);
    const after = { ...before, ...limits };
    assertMayLimit(ctx, holder, { before, after });
    assertLive(before, ctx.clock.now());
    await tx.access.saveApiKey(after);
    return { result: presentApiKey(after, refOf(holder)), facts: [keyUpdated(after)] };
  });

/** Sets how many requests a key may send. @throws ExecError api_key_not_found, scope_insufficient, invalid_state */
export const quota = (
  ctx: VerbContext,
  { id, per_minute, burst }: ParsedInputOf<typeof setApiKeyQuota>,
): Promise<ApiKey> => limit(ctx, setApiKeyQuota, { id, limits: { rate: { per_minute, burst } } });

/** Sets the addresses a key may be used from. @throws ExecError api_key_not_found, scope_insufficient, invalid_state */
export const ipFilter = (
  ctx: VerbContext,
  { id, ip_allow: ipAllow }: ParsedInputOf<typeof setApiKeyIpFilter>,
): Promise<ApiKey> => limit(ctx, setApiKeyIpFilter, { id, limits: { ipAllow } });

/** Pins a key to some operations. @throws ExecError api_key_not_found, scope_insufficient, invalid_state, invalid_body */
export async function endpoints(
  ctx: VerbContext,
  { id, endpoints: pins }: ParsedInputOf<typeof setApiKeyEndpoints>,
): Promise<ApiKey> {
  assertPins(pins);
  return limit(ctx, setApiKeyEndpoints, { id, limits: { endpoints: pins } });
}
