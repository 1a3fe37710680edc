/** The value below which that share of them lies, of values in ascending order; NaN of none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The middle one of values, the mean of the middle two of an even number; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const above = sorted[upper] ?? Number.NaN;
  return sorted.length % 2 === 1 ? above : (above + (sorted[upper - 1] ?? Number.NaN)) / 2;
}

/** A figure of several rounds: the median, and the least and the most that was seen. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The spread of values; all NaN of none. */
export const spreadOf = (values: readonly number[]): Spread =>
  values.length === 0
    ? { median: Number.NaN, least: Number.NaN, most: Number.NaN }
    : { median: median(values), least: Math.min(...values), most: Math.max(...values) };
