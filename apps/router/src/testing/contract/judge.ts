import { isEntryType } from '@xem/protocol';
import { createHash } from 'node:crypto';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import {
  readDocument,
  type DescribedAnswer,
  type DescribedContent,
  type DescribedOperation,
  type Schema,
} from './document.ts';
import { entryFaults } from './entries.ts';
import { createSchemaCheck, type SchemaCheck } from './schema-check.ts';

/** One request and its answer, as they were seen on the line. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Null when it did not come to its end, or was not kept. */
  readonly body: Uint8Array | null;
}

/** What an exchange was, and what of it is not as the document says. */
export interface Verdict {
  /** The operation; null for a route outside the document, or none. */
  readonly operation: string | null;
  readonly breaches: readonly string[];
}

/** Holds an exchange against a document. */
export type Judge = (exchange: Exchange) => Verdict;

const MOUNT = /^(?:\/prj_[0-9a-f]{24})?\/v1(?=\/)/;
const ENVELOPE: Schema = { $ref: '#/components/schemas/ErrorEnvelope' };
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503]);

/** Headers that HTTP, or what guards browsers, puts on any answer. */
const USUAL: ReadonlySet<string> = new Set([
  'cache-control',
  'connection',
  'content-length',
  'content-security-policy',
  'content-type',
  'date',
  'keep-alive',
  'referrer-policy',
  'transfer-encoding',
  'x-accel-buffering',
  'x-content-type-options',
  'x-frame-options',
]);

const Refusal = z.object({ error: z.looseObject({ code: z.string(), type: z.string() }) });

const HOST = 'http://router';

/** The path as the router reads it: without dots, and without the query. */
const pathOf = (target: string): string => URL.parse(`${HOST}${target}`)?.pathname ?? target;

const typeOf = (headers: ReadonlyMap<string, string>): string | undefined =>
  headers.get('content-type')?.split(';')[0]?.trim();

function parseJson(body: Uint8Array): unknown {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return parsed;
  } catch {
    return undefined;
  }
}

const typed = (text: string, { schema }: { readonly schema: Schema }): unknown =>
  schema['type'] === 'integer' ? Number(text) : text;

function judgeHeaders(check: SchemaCheck, { headers }: Exchange, told: DescribedAnswer): readonly string[] {
  const missing = [...told.headers]
    .filter(([name, { required }]) => required && !headers.has(name))
    .map(([name]) => `the header ${name} is not there`);
  const wrong = [...headers].flatMap(([name, value]) => {
    const header = told.headers.get(name);
    if (!header) return USUAL.has(name) ? [] : [`the header ${name} is not in the document: ${value}`];
    const error = check(header.schema, typed(value, header));
    return error === null ? [] : [`the header ${name}: ${error}`];
  });
  return [...missing, ...wrong];
}

function judgeEvent(
  check: SchemaCheck,
  events: Readonly<Record<string, Schema>>,
  { name, data }: { readonly name: string; readonly data: string },
): readonly string[] {
  const schema = events[name] ?? (isEntryType(name) ? events['others'] : undefined);
  if (!schema) return [`the event ${name} is not in the document`];
  const parsed = parseJson(Buffer.from(data));
  const error = check(schema, parsed);
  return [...(error === null ? [] : [error]), ...entryFaults(parsed)].map(
    (fault) => `the event ${name}: ${fault}`,
  );
}

/** Every event that arrived whole. */
function judgeEvents(check: SchemaCheck, body: Uint8Array, events: Readonly<Record<string, Schema>>) {
  const breaches: string[] = [];
  const parser = createParser({
    onEvent: ({ event: name = 'message', data }) =>
      breaches.push(...judgeEvent(check, events, { name, data })),
    onError: (error) => breaches.push(`no server-sent event: ${error.message}`),
  });
  parser.feed(Buffer.from(body).toString('utf8'));
  return breaches;
}

function judgeCode(content: DescribedContent, body: unknown): readonly string[] {
  if (!content.codes) return [];
  const { success, data } = Refusal.safeParse(body);
  if (!success || content.codes.has(data.error.code)) return [];
  return [`the code ${data.error.code} is not in the document for this status`];
}

function judgeBytes({ headers, status }: Exchange, body: Uint8Array): readonly string[] {
  const told = headers.get('x-content-sha256');
  if (status !== 200 || told === undefined) return [];
  const is = createHash('sha256').update(body).digest('hex');
  return is === told ? [] : [`the bytes hash to ${is}, and X-Content-SHA256 is ${told}`];
}

function judgeBody(check: SchemaCheck, exchange: Exchange, told: DescribedAnswer): readonly string[] {
  const { body, headers, method } = exchange;
  const type = typeOf(headers);
  if (told.content.size === 0) return body?.length ? [`a body that the document does not have`] : [];
  const content = told.content.get(type ?? '');
  if (!content) return [`the content type ${type} is not in the document for this status`];
  if (body === null || method === 'HEAD') return [];
  if (content.events) return judgeEvents(check, body, content.events);
  if (type === 'application/x-ndjson') return judgeLines(body);
  if (type !== 'application/json') return judgeBytes(exchange, body);
  const parsed = parseJson(body);
  const error = parsed === undefined ? 'is not JSON' : check(content.schema, parsed);
  const faults = [...(error === null ? [] : [error]), ...entryFaults(parsed)];
  return [...faults.map((fault) => `the body: ${fault}`), ...judgeCode(content, parsed)];
}

/** What is exported: lines of JSON, entries among them. */
const judgeLines = (body: Uint8Array): readonly string[] =>
  Buffer.from(body)
    .toString('utf8')
    .split('\n')
    .flatMap((line) => entryFaults(line === '' ? null : parseJson(Buffer.from(line))));

/** What holds for every answer. */
const judgeAny = ({ headers }: Exchange): readonly string[] =>
  REQUEST_ID.test(headers.get('x-request-id') ?? '') ? [] : ['the header x-request-id is not there'];

/** What holds for every refusal below a mount, whether the route is in the document or not. */
function judgeRefusal(check: SchemaCheck, { status, headers, body, method }: Exchange): readonly string[] {
  const breaches: string[] = [];
  if (RETRIED.has(status) && !/^[1-9]\d*$/.test(headers.get('retry-after') ?? ''))
    breaches.push('the header retry-after is not there');
  if (status === 405 && !headers.has('allow')) breaches.push('the header allow is not there');
  if (status < 400 || typeOf(headers) !== 'application/json' || body === null || method === 'HEAD')
    return breaches;
  const error = check(ENVELOPE, parseJson(body));
  return error === null ? breaches : [...breaches, `the body: ${error}`];
}

function findOperation(operations: readonly DescribedOperation[], { method, target }: Exchange) {
  const path = pathOf(target);
  if (!MOUNT.test(path)) return { path, operation: null };
  const below = path.replace(MOUNT, '');
  const known = operations.filter((operation) => operation.path.test(below));
  const wanted = method === 'HEAD' ? 'GET' : method;
  const operation = known.find((each) => each.method === wanted) ?? null;
  return { path, operation };
}

const isRouted = (status: number): boolean => status !== 404 && status !== 405;

/** Makes the judge of one router: its document is what the router serves as `/openapi.json`. */
export function createJudge(document: unknown): Judge {
  const { operations, schemas } = readDocument(document);
  const check = createSchemaCheck(schemas);
  return (exchange) => {
    const { operation, path } = findOperation(operations, exchange);
    const breaches = [...judgeAny(exchange)];
    if (!MOUNT.test(path)) return { operation: null, breaches };
    breaches.push(...judgeRefusal(check, exchange));
    if (!operation) {
      if (isRouted(exchange.status))
        breaches.push(`a route that is not in the document answers ${exchange.status}`);
      return { operation: null, breaches };
    }
    const told = operation.answers.get(exchange.status);
    if (!told) breaches.push(`the status ${exchange.status} is not in the document`);
    else breaches.push(...judgeHeaders(check, exchange, told), ...judgeBody(check, exchange, told));
    return { operation: operation.id, breaches: [...new Set(breaches)] };
  };
}
