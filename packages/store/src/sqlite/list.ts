import type { Slice } from '../store.ts';
import type { Rows } from './rows.ts';
import type { Parameter, Query } from './session.ts';

/** The SQL of each filter, with one place for its value. */
export type Conditions<Filter> = readonly (readonly [keyof Filter, string])[];

type Lister<Row, Filter> = (scope: Parameter, filter: Filter, slice: Slice) => Row[];

/** The order of every list, and where it goes on. */
const NEWEST_FIRST = 'ORDER BY t.created_at DESC, t.id DESC LIMIT ?';
const AFTER = '(t.created_at, t.id) < (?, ?)';

/**
 * Lists rows newest first, those where `scope` is the first argument and every filter that has a value holds. One
 * statement is prepared for each combination of filters that was ever asked for.
 */
export function listOf<Row extends object, Filter extends { [K in keyof Filter]?: Parameter | undefined }>(
  rows: Rows<Row>,
  scope: string,
  conditions: Conditions<Filter>,
): Lister<Row, Filter> {
  const prepared = new Map<string, Query<Row>>();
  const queryFor = (wanted: readonly string[]): Query<Row> => {
    const tail = `WHERE ${[scope, ...wanted].join(' AND ')} ${NEWEST_FIRST}`;
    const query = prepared.get(tail) ?? rows.select(tail);
    prepared.set(tail, query);
    return query;
  };
  return (first, filter, { limit, after }) => {
    const wanted: string[] = [];
    const parameters: Parameter[] = [first];
    for (const [key, condition] of conditions) {
      const value: Parameter | undefined = filter[key];
      if (value === undefined) continue;
      wanted.push(condition);
      parameters.push(value);
    }
    if (after) {
      wanted.push(AFTER);
      parameters.push(after.createdAt, after.id);
    }
    return queryFor(wanted).all(...parameters, limit);
  };
}
