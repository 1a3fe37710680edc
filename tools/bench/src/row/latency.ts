import { figure } from '../report/number.ts';
import { quantile } from '../statistic.ts';
import type { Row } from './row.ts';

/** Measures something `times` times, one after the other; `measure` answers milliseconds, and is given 1, 2, 3 …. */
export async function latencyRow(
  { times, ...named }: Pick<Row, 'id' | 'says' | 'goal'> & { readonly times: number },
  measure: (n: number) => Promise<number>,
): Promise<Row> {
  const taken: number[] = [];
  for (let n = 1; n <= times; n += 1) taken.push(await measure(n));
  const sorted = taken.toSorted((a, b) => a - b);
  const figures = `p50 ${figure(quantile(sorted, 0.5))} ms, p99 ${figure(quantile(sorted, 0.99))} ms of ${times}`;
  return { ...named, ratio: null, figures };
}
