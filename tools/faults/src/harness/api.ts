/** A request to the router. */
export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly key: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** An answer; `body` is read as JSON when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly bytes: Buffer;
}

const TIMEOUT_MS = 5000;

/** A signal that aborts after a time, without a timer of its own to forget. */
export type Deadline = (ms: number) => AbortSignal;

/** Sends a request; nothing of the product's client is between. @throws when no answer comes in time */
export async function ask(deadline: Deadline, baseUrl: string, request: Request): Promise<Answer> {
  const { method = 'GET', path, key, body, headers, timeoutMs = TIMEOUT_MS } = request;
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: deadline(timeoutMs),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
  return { status: response.status, bytes, body: isJson ? JSON.parse(bytes.toString('utf8')) : null };
}
