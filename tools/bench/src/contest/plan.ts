/** How long a run takes, and how sure it is. */
export interface Plan {
  readonly rounds: number;
  readonly clients: readonly number[];
  /** Of each measurement. */
  readonly measureMs: number;
  /** Of each contestant before the first round, with the most clients: so many that its code is compiled. */
  readonly warmUpCalls: number;
}

/** For figures to be told to others. */
export const FULL: Plan = { rounds: 5, clients: [1, 32, 128], measureMs: 2000, warmUpCalls: 5000 };

/** For a look. */
export const QUICK: Plan = { rounds: 3, clients: [1, 32], measureMs: 500, warmUpCalls: 500 };
