import { z } from 'zod';
import type { Standing } from '../contest/standing.ts';

/** Ratios against the floor, by the number of clients. */
const Ratios = z.record(z.string(), z.number());

/** Ratios that a change must not spoil, as they were measured once. */
export const Baseline = z.object({
  /** Of the machine they were measured on: with others the ratios are others. */
  cores: z.int(),
  /** Our calls a second over those of the floor. More is better. */
  throughput: Ratios,
  /** Our processor time of a call over that of the floor. Less is better. */
  processor: Ratios,
});
export type Baseline = z.infer<typeof Baseline>;

/** How much worse than its baseline a ratio may be. */
export const TOLERANCE = 0.2;

/** One ratio held against its baseline. */
export interface Finding {
  readonly what: 'throughput' | 'processor';
  readonly clients: string;
  readonly was: number;
  /** Null when it was not measured. */
  readonly is: number | null;
  readonly verdict: 'holds' | 'worse' | 'better' | 'missing';
}

/** What a run found, without its machine. */
export type Measured = Pick<Baseline, Finding['what']>;

/** The ratios of a run against the floor, which is there whatever is installed. */
export function ratiosOf(standings: readonly Standing[], floor: string): Measured {
  const against = standings.filter(({ peer }) => peer === floor);
  const ratios = (what: Finding['what']) =>
    Object.fromEntries(against.map((standing) => [String(standing.clients), standing[what].median]));
  return { throughput: ratios('throughput'), processor: ratios('processor') };
}

/** `gain` is how many times better it is than it was. */
function verdictOf(gain: number): Finding['verdict'] {
  if (!Number.isFinite(gain)) return 'missing';
  if (gain < 1 - TOLERANCE) return 'worse';
  return gain > 1 + TOLERANCE ? 'better' : 'holds';
}

/** Holds ratios against a baseline. Those that are worse or missing fail; those that are better ask for a new baseline. */
export const check = (baseline: Baseline, measured: Measured): readonly Finding[] =>
  (['throughput', 'processor'] as const).flatMap((what) =>
    Object.entries(baseline[what]).map(([clients, was]) => {
      const is = measured[what][clients] ?? Number.NaN;
      const gain = what === 'throughput' ? is / was : was / is;
      return { what, clients, was, is: Number.isFinite(is) ? is : null, verdict: verdictOf(gain) };
    }),
  );

/** Whether nothing is worse and nothing is missing. */
export const passes = (findings: readonly Finding[]): boolean =>
  findings.every(({ verdict }) => verdict === 'holds' || verdict === 'better');
