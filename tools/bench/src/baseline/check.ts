import { z } from 'zod';
import type { Standing } from '../contest/standing.ts';

/** Ratios that a change must not spoil, as they were measured once. */
export const Baseline = z.object({
  /** Of the machine they were measured on: with others the ratios are others. */
  cores: z.int(),
  /** Our calls a second over those of the floor, by the number of clients. */
  ratios: z.record(z.string(), z.number().positive()),
});
export type Baseline = z.infer<typeof Baseline>;

/** How far below its baseline a ratio may be. */
export const TOLERANCE = 0.2;

/** One ratio held against its baseline. */
export interface Finding {
  readonly clients: string;
  readonly was: number;
  /** Null when it was not measured. */
  readonly is: number | null;
  readonly verdict: 'holds' | 'worse' | 'better' | 'missing';
}

/** The ratios of a run against the floor, which is there whatever is installed. */
export const ratiosOf = (standings: readonly Standing[], floor: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    standings
      .filter(({ peer }) => peer === floor)
      .map(({ clients, throughput }) => [String(clients), throughput.median]),
  );

function verdictOf(was: number, is: number | undefined): Finding['verdict'] {
  if (is === undefined || !Number.isFinite(is)) return 'missing';
  if (is < was * (1 - TOLERANCE)) return 'worse';
  return is > was * (1 + TOLERANCE) ? 'better' : 'holds';
}

/** Holds ratios against a baseline. Those that are worse or missing fail; those that are better ask for a new baseline. */
export const check = ({ ratios }: Baseline, measured: Readonly<Record<string, number>>): readonly Finding[] =>
  Object.entries(ratios).map(([clients, was]) => ({
    clients,
    was,
    is: measured[clients] ?? null,
    verdict: verdictOf(was, measured[clients]),
  }));

/** Whether nothing is worse and nothing is missing. */
export const passes = (findings: readonly Finding[]): boolean =>
  findings.every(({ verdict }) => verdict === 'holds' || verdict === 'better');
