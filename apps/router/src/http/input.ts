import { ExecError, isErrorCode, type ErrorCode } from '@xem/errors';
import { pathParameters, type Operation } from '@xem/protocol';
import type { z } from 'zod';
import type { HttpContext } from './edge.ts';
import { parseObject, pointerOf } from './middleware/json.ts';

type Issue = z.core.$ZodIssue;

/** Reads what a request gives an operation: the members of its path, and of its query or its body. */
export type ReadInput = (c: HttpContext, body: string | null) => Record<string, unknown>;

/** Turns what a schema found wrong into the refusal a caller sees. */
export type RefuseInput = (issues: readonly Issue[], given: Readonly<Record<string, unknown>>) => ExecError;

/** Whether an operation takes its members from a body. */
export const takesBody = ({ method }: Pick<Operation, 'method'>): boolean =>
  method !== 'GET' && method !== 'DELETE';

function readQuery(url: string): Record<string, unknown> {
  const start = url.indexOf('?');
  const members: Record<string, unknown> = {};
  if (start === -1) return members;
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    if (Object.hasOwn(members, name) || name === '__proto__') throw unknownMember(name, 'may be given once');
    members[name] = value;
  }
  return members;
}

const unknownMember = (param: string, says = 'is not a member of this request'): ExecError =>
  new ExecError('invalid_body', `${param} ${says}`, { param });

/** Makes the reader of an operation's input. Path members may stand nowhere else. */
export function inputReader(operation: Pick<Operation, 'method' | 'path' | 'membersMax'>): ReadInput {
  const { method, path, membersMax } = operation;
  const inPath = pathParameters(path);
  const fromBody = takesBody({ method });
  return (c, body) => {
    const query = readQuery(c.req.url);
    const [stray] = fromBody ? Object.keys(query) : [];
    if (stray !== undefined) throw unknownMember(stray, 'is not a query parameter of this route');
    const members = fromBody ? parseObject(body ?? '', membersMax) : query;
    for (const name of inPath) {
      if (Object.hasOwn(members, name)) throw unknownMember(fromBody ? `/${name}` : name);
      members[name] = c.req.param(name);
    }
    return members;
  };
}

/** The code that answers a path member that is not of its form: that of the noun not being found. */
function codeOfPathMember({ id, errors }: Operation, member: string): ErrorCode {
  if (member === 'workspace_id') return 'invalid_workspace_id';
  if (member === 'name') return 'exec_tool_not_found';
  const noun = member === 'agent_id' ? 'agent' : id.split('.')[0];
  const code = errors.includes('workspace_binding_not_found')
    ? 'workspace_binding_not_found'
    : `${noun}_not_found`;
  if (!isErrorCode(code)) throw new Error(`${id}: no code says that :${member} is not found`);
  return code;
}

/** Where an issue is: the member it names, not the object that holds it. */
function placeOf(issue: Issue): readonly PropertyKey[] {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return [...issue.path, ...unknown];
}

/** Makes the refusals of an operation: path members first, then the workspace, then the first of the others. */
export function inputRefuser(operation: Operation): RefuseInput {
  const codes = new Map(
    pathParameters(operation.path).map((name) => [name, codeOfPathMember(operation, name)]),
  );
  const fromBody = takesBody(operation);
  const nameOf = (place: readonly PropertyKey[]): string =>
    fromBody ? pointerOf(place) : String(place[0] ?? '');
  return (issues, given) => {
    const places = issues.map((issue) => ({ issue, place: placeOf(issue) }));
    const inPath = places.find(({ place }) => codes.has(String(place[0])));
    const code = inPath && codes.get(String(inPath.place[0]));
    if (code) return new ExecError(code, undefined, { place: 'catalogue' });
    const workspace = places.find(({ place }) => place.length === 1 && place[0] === 'workspace_id');
    const { issue, place } = workspace ?? places[0] ?? { issue: undefined, place: [] };
    const param = nameOf(place);
    const message = `${param || 'the body'}: ${issue?.code === 'unrecognized_keys' ? 'is not a member of this request' : (issue?.message ?? 'is not valid')}`;
    if (!workspace) return new ExecError('invalid_body', message, { param });
    const missing = !Object.hasOwn(given, 'workspace_id');
    return new ExecError(missing ? 'missing_workspace_id' : 'invalid_workspace_id', message, { param });
  };
}
