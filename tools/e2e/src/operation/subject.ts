import { OPERATIONS, pathParameters, type Operation } from '@xem/protocol';
import type { Ground } from '../contract/ground.ts';
import { NOBODY } from './nobody.ts';
import type { Objects, Row } from './row.ts';
import { ROWS } from './rows.ts';
import { writeRequest, type OperationRequest } from './write-request.ts';

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
    if (!row) throw new Error(`${operation.id} has no row`);
    return { operation, row };
  });

const isNoun = (word: string, ids: Objects): word is keyof Objects => Object.hasOwn(ids, word);

/** What stands in the place of a parameter of the path. */
function memberOf({ operation }: Subject, name: string, ids: Objects): string {
  if (name === 'name') return 'demo_echo';
  const noun = name === 'id' ? operation.id.replace(/\..*/, '') : name.replace(/_id$/, '');
  if (isNoun(noun, ids)) return ids[noun];
  throw new Error(`there is no object for :${name} of ${operation.id}`);
}

/** The members of a request for an operation about some objects. */
export const inputFor = (subject: Subject, ids: Objects): Readonly<Record<string, unknown>> => {
  const inPath = pathParameters(subject.operation.path);
  return {
    ...subject.row.input?.(ids),
    ...Object.fromEntries(inPath.map((name) => [name, memberOf(subject, name, ids)])),
  };
};

/** The request for an operation about some objects; `prefix` is a project its path names. */
export function requestFor(subject: Subject, ids: Objects, prefix = ''): OperationRequest {
  const request = writeRequest(subject.operation, inputFor(subject, ids));
  return { ...request, path: `${prefix}${request.path}` };
}

/** Objects that a request for an operation may be about so that it succeeds. */
export const objectsFor = async ({ row }: Subject, ground: Ground): Promise<Objects> => ({
  ...NOBODY,
  workspace: ground.workspace,
  agent: ground.agent,
  ...(await row.about?.(ground)),
});

/** Whether a request names an object. */
export const namesObjects = (subject: Subject, ids: Objects): boolean => {
  const { path, body } = requestFor(subject, ids);
  return Object.values<string>({ ...ids }).some((id) => `${path} ${JSON.stringify(body)}`.includes(id));
};
