import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import { acknowledged } from './acknowledged.ts';
import { borders } from './borders.ts';
import { bytes } from './bytes.ts';
import { chain } from './chain.ts';
import { credit } from './credit.ts';
import { effects } from './effects.ts';
import { fence } from './fence.ts';
import { orphans } from './orphans.ts';
import { recovery } from './recovery.ts';

const INVARIANTS: readonly Invariant[] = [
  acknowledged,
  effects,
  fence,
  bytes,
  chain,
  borders,
  credit,
  recovery,
  orphans,
];

/** Everything in the evidence that must never be. */
export const check = (evidence: Evidence): readonly Violation[] =>
  INVARIANTS.flatMap((invariant) => invariant(evidence));
