import { OPERATIONS, pathParameters, type Operation } from '@xem/protocol';

/** What a request for an operation is made of. */
export interface OperationRequest {
  readonly method: Operation['method'];
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

type Input = Readonly<Record<string, unknown>>;

/** Finds an operation by its id. @throws Error when there is none */
export function operationOf(id: string): Operation {
  const operation = OPERATIONS.find((each) => each.id === id);
  if (!operation) throw new Error(`there is no operation ${id}`);
  return operation;
}

const takesQuery = ({ method }: Operation): boolean => method === 'GET' || method === 'DELETE';

/** Writes the members of an input where the operation takes them: in its path, and in its query or its body. */
export function writeRequest(operation: Operation, input: Input): OperationRequest {
  const inPath = pathParameters(operation.path);
  const path = `/v1${operation.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])))}`;
  const others = Object.entries(input).filter(([name]) => !inPath.includes(name));
  const { method } = operation;
  if (!takesQuery(operation)) return { method, path, body: Object.fromEntries(others) };
  const query = new URLSearchParams(others.map(([name, value]): [string, string] => [name, String(value)]));
  return { method, path: others.length === 0 ? path : `${path}?${query.toString()}` };
}
