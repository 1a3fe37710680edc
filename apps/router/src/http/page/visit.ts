import type { Visit } from '@xem/domain';
import { addressOf } from '../admit.ts';
import type { Exchange } from '../edge.ts';

/** Where a browser comes in from, as the journal is told. */
export const visitOf = (exchange: Exchange): Visit => ({
  address: addressOf(exchange) ?? null,
  requestId: exchange.requestId,
});
