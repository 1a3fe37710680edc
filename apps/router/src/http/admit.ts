import { assertScope, type Caller, type VerbContext } from '@xem/domain';
import type { Operation, Surface } from '@xem/protocol';
import type { Admitted, Exchange } from './edge.ts';
import { assertAddress, pinCheck } from './middleware/reach.ts';

/** Lets a caller through to an operation. @throws ExecError scope_insufficient, endpoint_restricted, rate_limit_exceeded */
export type Admit = (exchange: Exchange, caller: Caller, surface: Surface) => Promise<Admitted>;

/** Where a request came from. */
export const addressOf = ({ edge, c }: Pick<Exchange, 'edge' | 'c'>): string | undefined => edge.addressOf(c);

function verbContext({ edge, requestId, trail }: Exchange, caller: Caller, surface: Surface): VerbContext {
  return {
    ...edge.services,
    projectId: caller.project.id,
    actor: caller.principal,
    keyId: caller.credential.keyId,
    surface,
    requestId,
    caller,
    idempotencyKey: null,
    traceparent: trail.trace.traceparent,
  };
}

/** Makes the checks of a known caller for an operation, in their order: scope, endpoint pin, address, rate. */
export function admission(operation: Pick<Operation, 'id' | 'scope'>): Admit {
  const assertPinned = pinCheck(operation);
  return async (exchange, caller, surface) => {
    const { credential } = caller;
    const ctx = verbContext(exchange, caller, surface);
    assertScope(ctx, operation);
    const assertReach: Admitted['assertReach'] = ({ endpoints, ipAllow }) => {
      assertPinned(endpoints);
      assertAddress(ipAllow, addressOf(exchange));
    };
    assertReach(credential);
    exchange.edge.rateGate.pass(caller, exchange.headers);
    return { ...exchange, ctx, assertReach };
  };
}
