import type { Invariant } from '../evidence/evidence.ts';
import { linesOf } from '../evidence/ledger.ts';

const RECOVERY_MS = 10_000;

/** I8: after a fault is healed new work is done within ten seconds, without an operator. */
export const recovery: Invariant = ({ ledger }) =>
  linesOf(ledger, 'healed')
    .filter(({ took_ms: took }) => took === null || took > RECOVERY_MS)
    .map(({ fault, took_ms: took }) => ({
      invariant: 'I8',
      says: `after ${fault} new work was ${took === null ? 'never done' : `done after ${took} ms`}`,
    }));
