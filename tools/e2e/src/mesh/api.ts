import { z } from 'zod';
import type { Mesh, MeshFacts } from './mesh.ts';

/** Whose key a request carries. */
export type Role = keyof MeshFacts['keys'];

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly as?: Role | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer, its body read as JSON when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const Envelope = z.object({
  error: z.looseObject({
    message: z.string(),
    type: z.string(),
    code: z.string(),
    param: z.string().nullable(),
  }),
});

const headersOf = ({ facts }: Mesh, { as = 'operator', body, headers }: Request): Record<string, string> => ({
  ...(as && { authorization: `Bearer ${facts.keys[as]}` }),
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...headers,
});

/** Sends a request as any HTTP client would; nothing of our own client is between. */
export function send(mesh: Mesh, request: Request): Promise<Response> {
  const { method = 'GET', path, body, signal } = request;
  return fetch(`${mesh.url}${path}`, {
    method,
    headers: headersOf(mesh, request),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
}

/** Reads an answer to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Sends a request and reads its answer. */
export const call = async (mesh: Mesh, request: Request): Promise<Answer> =>
  readAnswer(await send(mesh, request));

/** The code of a refused request. @throws when the answer is no error envelope */
export const codeOf = ({ body }: Answer): string => Envelope.parse(body).error.code;

/** The error of a refused request. @throws when the answer is no error envelope */
export const errorOf = ({ body }: Answer): z.infer<typeof Envelope>['error'] => Envelope.parse(body).error;
