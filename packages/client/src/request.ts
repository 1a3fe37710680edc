import { pathParameters, type Surface } from '@xem/protocol';
import { ClientError } from './client-error.ts';
import type { Route } from './route.ts';

/** Where requests go, and as whom. */
export interface Target {
  /** The router's address without a path. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly surface: Surface;
  /** Puts the project's id before `/v1`; it must be the key's own. */
  readonly projectId?: string | undefined;
}

/** A request, ready to be sent. */
export interface WireRequest {
  readonly method: Route['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Headers of one call beyond those of every call. */
export interface CallHeaders {
  readonly idempotencyKey?: string | undefined;
  readonly waitSeconds?: number | undefined;
  readonly accept?: string;
  readonly extra?: Readonly<Record<string, string>>;
}

function fillPath(path: string, input: ReadonlyMap<string, unknown>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = input.get(name);
    const word = typeof value === 'string' ? value : '';
    if (word === '' || word === '.' || word === '..')
      throw new ClientError({
        kind: 'malformed',
        code: 'invalid_body',
        message: `"${word}" cannot be the ${name} of a path`,
        param: name,
      });
    return encodeURIComponent(word);
  });
}

const words = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map((item) => String(item));

function headersOf(target: Target, call: CallHeaders): Record<string, string> {
  return {
    accept: call.accept ?? 'application/json',
    'x-xem-surface': target.surface,
    ...(target.apiKey !== undefined && { authorization: `Bearer ${target.apiKey}` }),
    ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
    ...(call.waitSeconds !== undefined && { prefer: `wait=${call.waitSeconds}` }),
    ...call.extra,
  };
}

/** An operation, and what is asked of it. */
export interface Request {
  readonly route: Omit<Route, 'id'>;
  readonly input: object;
}

/**
 * Lays out a request: members of the input that the path does not name go into the query of a GET or DELETE, else
 * into the body. Members that are undefined are left out. @throws ClientError when a path has no such address
 */
export function layOut(target: Target, { route, input }: Request, call: CallHeaders): WireRequest {
  const members = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  const prefix = target.projectId === undefined ? '' : `/${encodeURIComponent(target.projectId)}`;
  const url = new URL(`${target.baseUrl.replace(/\/+$/, '')}${prefix}/v1${fillPath(route.path, members)}`);
  for (const name of pathParameters(route.path)) members.delete(name);
  const { method } = route;
  const headers = headersOf(target, call);
  if (method !== 'GET' && method !== 'DELETE') {
    const body = JSON.stringify(Object.fromEntries(members));
    return { method, url: url.href, headers: { ...headers, 'content-type': 'application/json' }, body };
  }
  for (const [name, value] of members) for (const word of words(value)) url.searchParams.append(name, word);
  return { method, url: url.href, headers };
}
