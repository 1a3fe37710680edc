import { SECOND_MS, createApiKey, type OutputOf, type ParsedInputOf, type RateLimit } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { loadPrincipal } from '../principal/load.ts';
import { refOf } from '../principal/record.ts';
import { familiesBehind } from './families.ts';
import { assertMayMint } from './may-mint.ts';
import { keyCreated, mintKey, RATE_DEFAULT } from './mint.ts';
import { assertPins } from './pins.ts';
import { presentApiKey } from './present.ts';
import type { KeyRights } from './within.ts';

type Request = ParsedInputOf<typeof createApiKey>;

/** Operations and addresses that a request does not name are the minter's own. */
const rightsOf = ({ caller: { credential } }: VerbContext, request: Request): KeyRights => ({
  scopes: request.scopes,
  canDecide: request.can_decide,
  endpoints: request.endpoints ?? credential.endpoints,
  ipAllow: request.ip_allow ?? credential.ipAllow,
});

function rateOf({ caller: { principal, credential } }: VerbContext, { rate }: Request): RateLimit {
  if (rate || principal.kind === 'human') return rate ?? RATE_DEFAULT;
  const { per_minute, burst } = credential.rate;
  return {
    per_minute: Math.min(per_minute, RATE_DEFAULT.per_minute),
    burst: Math.min(burst, RATE_DEFAULT.burst),
  };
}

/** When a key ends: as a request says, else never, and a service's with the key that mints it. */
function expiryOf(
  { clock, caller: { principal, credential } }: VerbContext,
  request: Request,
): number | null {
  const { expires_in_seconds: seconds } = request;
  if (seconds !== undefined) return clock.now() + seconds * SECOND_MS;
  return principal.kind === 'human' ? null : credential.keyExpiresAt;
}

/**
 * Mints a key; its value is in this answer only.
 * @throws ExecError principal_not_found, scope_insufficient, invalid_body, invalid_state
 */
export const create = (ctx: VerbContext, input: Request): Promise<OutputOf<typeof createApiKey>> =>
  mutate(ctx, createApiKey, async (tx) => {
    assertPins(input.endpoints);
    const holder = await loadPrincipal(ctx, tx.access, { id: input.principal_id, param: '/principal_id' });
    const rights = rightsOf(ctx, input);
    const rate = rateOf(ctx, input);
    const expiresAt = expiryOf(ctx, input);
    assertMayMint(ctx, { holder, rights, rate, expiresAt, place: '' });
    const { slug } = ctx.caller.project;
    const { name } = input;
    const behind = familiesBehind(ctx.caller.credential, rights.canDecide);
    const { row, value } = mintKey(ctx, {
      slug,
      principal: holder,
      name,
      ...rights,
      rate,
      expiresAt,
      behind,
    });
    await tx.access.insertApiKey(row);
    return { result: { ...presentApiKey(row, refOf(holder)), value }, facts: [keyCreated(row)] };
  });
