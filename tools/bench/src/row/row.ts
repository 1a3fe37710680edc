/** A figure beside what the same machine does without us. */
export interface Row {
  readonly id: string;
  /** What was measured against what. */
  readonly says: string;
  /** Ours over the peer's; null where there is nothing to compare with. */
  readonly ratio: number | null;
  /** What the ratio is to be, as a person reads it; null without a goal. */
  readonly goal: string | null;
  /** The figures behind it, with units. */
  readonly figures: string;
}
