import { authenticate, type Caller } from '@xem/domain';
import { ExecError } from '@xem/errors';
import { addressOf } from './admit.ts';
import type { Exchange } from './edge.ts';
import { bearerOf } from './middleware/bearer.ts';

/**
 * Tells who calls. An address that tried too many keys is told nothing of the next ones, good or bad; a key that is in
 * use goes on working there. @throws ExecError authentication_required, rate_limit_exceeded
 */
export async function identify(exchange: Exchange): Promise<Caller> {
  const { edge, c } = exchange;
  try {
    const caller = await authenticate(edge.services, bearerOf(c.req.header('authorization')));
    if (!edge.rateGate.isInUse(caller.credential.keyId)) edge.strangers.assertMayTry(addressOf(exchange));
    return caller;
  } catch (err) {
    if (err instanceof ExecError && err.code === 'authentication_required')
      edge.strangers.note(addressOf(exchange));
    throw err;
  }
}
