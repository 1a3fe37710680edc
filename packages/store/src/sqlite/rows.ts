import { getTableColumns, getTableName } from './drizzle.ts';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { prepareQuery, prepareWrite, type Parameter, type Query, type Session } from './session.ts';

type Fields = Record<string, unknown>;

interface Column {
  /** Its name in the record. */
  readonly key: string;
  /** Its name in SQL, quoted. */
  readonly name: string;
  readonly encode: (value: unknown) => Parameter;
  readonly decode: ((value: unknown) => unknown) | null;
}

/**
 * The rows of one table as records, by prepared statements that are derived from its schema. drizzle's own prepared
 * queries took twice as long for a row of thirty columns, and these are the hot path.
 */
export interface Rows<Row extends object> {
  /** `SELECT` of whole rows; `tail` is everything from the table's alias `t` on. */
  select(tail: string): Query<Row>;
  insert(verb?: 'INSERT' | 'INSERT OR IGNORE' | 'INSERT OR REPLACE'): (row: Row) => number;
  /**
   * Compare and set: writes every column but the frozen ones where `id` and `version` are the row's, and answers the
   * row with its next version. Frozen columns keep their indexes untouched. @throws Error when the row was changed.
   */
  save<Saved extends Row & { readonly id: string; readonly version: number }>(
    frozen: readonly (keyof Row)[],
  ): (row: Saved) => Saved;
}

const isFields = (value: object): value is Fields => !Array.isArray(value);

function plain(value: unknown): Parameter {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`a column cannot hold ${typeof value}`);
}

const codecs: Record<string, Pick<Column, 'encode' | 'decode'>> = {
  json: {
    encode: (value) => (value === null ? null : JSON.stringify(value)),
    decode: (value) => (typeof value === 'string' ? JSON.parse(value) : null),
  },
  boolean: {
    encode: (value) => (value === true ? 1 : 0),
    decode: (value) => value === 1,
  },
};

const columnsOf = (table: SQLiteTable): Column[] =>
  Object.entries(getTableColumns(table)).map(([key, column]) => {
    const { encode, decode } = codecs[column.dataType] ?? { encode: plain, decode: null };
    return { key, name: `"${column.name}"`, encode, decode };
  });

function decoderOf(columns: readonly Column[]): (row: object) => void {
  const decoded = columns.flatMap(({ key, decode }) => (decode ? [{ key, decode }] : []));
  return (row) => {
    if (!isFields(row)) throw new TypeError('a row is an object');
    for (const { key, decode } of decoded) row[key] = decode(row[key]);
  };
}

function parametersOf(columns: readonly Column[], row: object): Parameter[] {
  if (!isFields(row)) throw new TypeError('a row is an object');
  return columns.map((column) => column.encode(row[column.key]));
}

/** Binds a table of the schema to a connection. */
export function rowsOf<Table extends SQLiteTable>(
  session: Session,
  table: Table,
): Rows<Table['$inferSelect']> {
  const name = getTableName(table);
  const columns = columnsOf(table);
  const decode = decoderOf(columns);
  const selected = columns.map((column) => `t.${column.name} AS "${column.key}"`).join(', ');
  return {
    select: (tail) => prepareQuery(session, `SELECT ${selected} FROM "${name}" t ${tail}`, decode),
    insert: (verb = 'INSERT') => {
      const names = columns.map((column) => column.name).join(', ');
      const places = columns.map(() => '?').join(', ');
      const write = prepareWrite(session, `${verb} INTO "${name}" (${names}) VALUES (${places})`);
      return (row) => write(...parametersOf(columns, row));
    },
    save: (frozen) => {
      const fixed = new Set<unknown>([...frozen, 'id', 'version']);
      const set = columns.filter(({ key }) => !fixed.has(key));
      const assignments = set.map((column) => `${column.name} = ?`).join(', ');
      const write = prepareWrite(
        session,
        `UPDATE "${name}" SET ${assignments}, version = version + 1 WHERE id = ? AND version = ?`,
      );
      return (row) => {
        const changed = write(...parametersOf(set, row), row.id, row.version);
        if (changed !== 1) throw new Error(`${name} ${row.id} is no longer at version ${row.version}`);
        return { ...row, version: row.version + 1 };
      };
    },
  };
}
