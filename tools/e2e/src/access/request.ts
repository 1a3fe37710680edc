import { OPERATIONS, pathParameters, type Operation } from '@xem/protocol';
import { ROWS, type Objects, type Row } from './rows.ts';

/** An operation with its row. */
export interface Subject {
  readonly operation: Operation;
  readonly row: Row;
}

const rows: ReadonlyMap<string, Row> = new Map(Object.entries(ROWS));

/** Every operation of the table. @throws Error for one without a row */
export const subjects = (): readonly Subject[] =>
  OPERATIONS.map((operation) => {
    const row = rows.get(operation.id);
    if (!row) throw new Error(`${operation.id} has no row in the access matrix`);
    return { operation, row };
  });

/** Where a request goes, and what it brings. */
export interface Target {
  readonly method: Operation['method'];
  readonly path: string;
  readonly body?: unknown;
}

const isNoun = (word: string, ids: Objects): word is keyof Objects => Object.hasOwn(ids, word);

/** What stands in the place of a parameter of the path. */
function memberOf({ operation }: Subject, name: string, ids: Objects): string {
  if (name === 'name') return 'demo_echo';
  const noun = name === 'id' ? operation.id.replace(/\..*/, '') : name.replace(/_id$/, '');
  if (isNoun(noun, ids)) return ids[noun];
  throw new Error(`the access matrix has no object for :${name} of ${operation.id}`);
}

const queryOf = (members: Readonly<Record<string, unknown>>): string => {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) text.append(name, String(value));
  return text.size === 0 ? '' : `?${text.toString()}`;
};

/** The request for an operation about some objects; `prefix` is a project its path names. */
export function requestFor(subject: Subject, ids: Objects, prefix = ''): Target {
  const { operation, row } = subject;
  const { method } = operation;
  const filled = pathParameters(operation.path).reduce(
    (path, name) => path.replace(`:${name}`, memberOf(subject, name, ids)),
    operation.path,
  );
  const members = row.input?.(ids) ?? {};
  const path = `${prefix}/v1${filled}`;
  return method === 'GET' || method === 'DELETE'
    ? { method, path: `${path}${queryOf(members)}` }
    : { method, path, body: members };
}

/** Whether a request names an object. */
export const namesObjects = (subject: Subject, ids: Objects): boolean => {
  const { path, body } = requestFor(subject, ids);
  return Object.values<string>({ ...ids }).some((id) => `${path} ${JSON.stringify(body)}`.includes(id));
};
