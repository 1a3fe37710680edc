import type { Reading } from './series.ts';

/** Counts by words of a bounded set. */
export interface Count {
  add(word: string, by?: number): void;
  /** One reading a word, under a label. */
  by(label: string): readonly Reading[];
  /** One reading of all. */
  sum(): readonly Reading[];
  /** What one word came to. */
  of(word: string): number;
}

/** Nothing is counted yet. */
export function createCount(): Count {
  const counts = new Map<string, number>();
  return {
    add: (word, by = 1) => void counts.set(word, (counts.get(word) ?? 0) + by),
    by: (label) => [...counts].map(([word, value]) => ({ labels: { [label]: word }, value })),
    sum: () => [{ value: [...counts.values()].reduce((sum, value) => sum + value, 0) }],
    of: (word) => counts.get(word) ?? 0,
  };
}
