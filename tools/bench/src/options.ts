import { parseArgs } from 'node:util';
import { FULL, QUICK, type Plan } from './contest/plan.ts';
import { FLOOR } from './contestant/floor.ts';
import { FULL_EFFORT, QUICK_EFFORT, type Effort } from './row/effort.ts';

/** What a run is to do. */
export interface Options {
  readonly plan: Plan;
  /** Null leaves out everything but the contest. */
  readonly effort: Effort | null;
  /** Whom to be measured against; null is everybody who can be. */
  readonly against: readonly string[] | null;
  readonly json: string | null;
  /** Whether ratios against the floor are held against the baseline, or become it. */
  readonly baseline: 'check' | 'write' | null;
}

/** Reads the command line. @throws TypeError when it holds what is not known */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      'write-baseline': { type: 'boolean', default: false },
      'contest-only': { type: 'boolean', default: false },
      against: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const baseline = values['write-baseline'] ? 'write' : values.check ? 'check' : null;
  const effort = values.quick ? QUICK_EFFORT : FULL_EFFORT;
  return {
    plan: values.quick ? QUICK : FULL,
    effort: baseline || values['contest-only'] ? null : effort,
    against: baseline ? [FLOOR] : (values.against?.split(',') ?? null),
    json: values.json ?? null,
    baseline,
  };
}
