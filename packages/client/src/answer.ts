import { ClientError } from './client-error.ts';

/** What an answer says beside its body. */
export interface AnswerHeaders {
  readonly requestId: string | null;
  readonly location: string | null;
  /** True when the answer repeats an earlier one for its idempotency key. */
  readonly replayed: boolean;
}

/** An answer that was not an error. */
export interface Answer<Data> {
  readonly data: Data;
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** No answer of the API is larger: a full page of calls with the largest arguments is 25 MiB. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw malformed(response, 'an answer larger than any of the API');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const malformed = (response: Response, what: string): ClientError =>
  new ClientError({
    kind: 'malformed',
    code: codeOfStatus(response.status),
    message: `the router answered ${response.status} with ${what}`,
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    retryAfterSeconds: retryAfter(response),
  });

/** What a status means that came without an envelope: from a proxy, or from no router at all. */
function codeOfStatus(status: number): string {
  if (status === 429) return 'rate_limit_exceeded';
  return status >= 502 && status <= 504 ? 'unavailable' : 'internal';
}

function retryAfter(response: Response): number | null {
  const word = response.headers.get('retry-after');
  return word !== null && /^\d{1,9}$/.test(word) ? Number(word) : null;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Makes an error of an envelope, from an answer or from the `error` event of a stream; null when it is none. */
export function errorOfEnvelope(value: unknown, response: Response): ClientError | null {
  const error = isRecord(value) ? value['error'] : undefined;
  if (!isRecord(error) || typeof error['code'] !== 'string') return null;
  const { code, message, param, retry_after: after } = error;
  return new ClientError({
    kind: 'refused',
    code,
    message: textOrNull(message) ?? code,
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    param: textOrNull(param),
    retryAfterSeconds: retryAfter(response) ?? (typeof after === 'number' ? after : null),
    location: response.headers.get('location'),
  });
}

/** Makes an error of an answer that is one. */
export async function errorOfResponse(response: Response): Promise<ClientError> {
  const text = await readText(response);
  return errorOfEnvelope(parse(text), response) ?? malformed(response, 'something that is not its error');
}

/** Reads an answer; unknown members of it are kept. @throws ClientError */
export async function readAnswer(response: Response): Promise<Answer<unknown>> {
  if (!response.ok) throw await errorOfResponse(response);
  const data = parse(await readText(response));
  if (data === undefined) throw malformed(response, 'something that is not JSON');
  return {
    data,
    status: response.status,
    headers: {
      requestId: response.headers.get('x-request-id'),
      location: response.headers.get('location'),
      replayed: response.headers.get('idempotent-replayed') === 'true',
    },
  };
}
