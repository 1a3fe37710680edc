import type { Plan } from '../contest/plan.ts';

/** How often the other rows are measured. */
export interface Effort {
  readonly plan: Plan;
  readonly decisions: number;
  readonly cancels: number;
  readonly starts: number;
  readonly programs: number;
  readonly history: number;
}

const COMMAND_PLAN = { clients: [1, 8], rounds: 5, measureMs: 1000, warmUpCalls: 300 };

/** For figures to be told to others. */
export const FULL_EFFORT: Effort = {
  plan: COMMAND_PLAN,
  decisions: 200,
  cancels: 100,
  starts: 5,
  programs: 21,
  history: 5000,
};

/** For a look. */
export const QUICK_EFFORT: Effort = {
  plan: { ...COMMAND_PLAN, rounds: 3, measureMs: 300 },
  decisions: 20,
  cancels: 10,
  starts: 1,
  programs: 5,
  history: 500,
};
