import { expect, test } from 'vitest';
import { openApiDocument } from '../../http/document/openapi.ts';
import { createJudge, type Exchange } from './judge.ts';

const judge = createJudge(openApiDocument('0.1.0'));

const PROJECT = `prj_${'0'.repeat(24)}`;
const COUNTED = { 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '1' };

interface Seen {
  readonly line: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function exchange({ line, status, headers = {}, body }: Seen): Exchange {
  const [method = '', target = ''] = line.split(' ');
  const all = { 'x-request-id': 'r-1', 'content-type': 'application/json', ...COUNTED, ...headers };
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return { method, target, status, headers: new Map(Object.entries(all)), body: Buffer.from(text) };
}

const breachesOf = (seen: Seen): readonly string[] => judge(exchange(seen)).breaches;

const refusal = (code: string, more: object = {}) => ({
  error: { message: 'no', type: 'invalid_request_error', code, param: null, ...more },
});

const ENTRIES = { object: 'list', data: [], has_more: false, next_cursor: null };

const HASH = '0'.repeat(64);

const started = (data: object) => ({
  object: 'journal_entry',
  id: `evt_${'0'.repeat(24)}`,
  seq: 1,
  at: '2026-01-01T00:00:00.000Z',
  project_id: PROJECT,
  type: 'invocation.started',
  actor: { kind: 'system' },
  key_id: null,
  surface: null,
  request_id: null,
  subject: { type: 'invocation', id: 'x' },
  refs: {},
  data,
  prev_hash: HASH,
  hash: HASH,
});

const FIT = started({ attempt: 1 });
const MISFIT = started({ attempt: 1, args: { key: 'secret' } });
const LINES = { 'content-type': 'application/x-ndjson' };

test.each([
  { line: 'GET /v1/exec/journal?limit=1', status: 200, body: ENTRIES },
  { line: `GET /${PROJECT}/v1/exec/journal`, status: 200, body: ENTRIES },
  { line: 'HEAD /v1/exec/journal', status: 200, body: '' },
  { line: 'GET /v1/exec/invocations/x', status: 404, body: refusal('invocation_not_found') },
  { line: 'GET /v1/nowhere', status: 404, body: refusal('route_not_found') },
  { line: 'GET /v1/exec/journal?limit=2', status: 200, body: { ...ENTRIES, data: [FIT] } },
  { line: 'POST /v1/exports/journal', status: 200, headers: LINES, body: `${JSON.stringify(FIT)}\n` },
  { line: 'GET /healthz', status: 200, body: { status: 'ok' } },
])('the judge has nothing to say of $line $status', (seen) => {
  expect(breachesOf(seen)).toEqual([]);
});

test.each([
  ['a status', { line: 'GET /v1/exec/journal', status: 418, body: ENTRIES }, /the status 418/],
  [
    'a header',
    { line: 'GET /v1/exec/journal', status: 200, body: ENTRIES, headers: { 'x-surprise': '1' } },
    /x-surprise is not in the document/,
  ],
  [
    'the form of a header',
    { line: 'GET /v1/exec/journal', status: 200, body: ENTRIES, headers: { 'x-ratelimit-limit': 'many' } },
    /x-ratelimit-limit/,
  ],
  [
    'a content type',
    { line: 'GET /v1/exec/journal', status: 200, body: ENTRIES, headers: { 'content-type': 'text/html' } },
    /content type text\/html/,
  ],
  ['a body that is no JSON', { line: 'GET /v1/exec/journal', status: 200, body: '{' }, /is not JSON/],
  [
    'a member that is missing',
    { line: 'GET /v1/exec/journal', status: 200, body: { ...ENTRIES, has_more: undefined } },
    /has_more/,
  ],
  [
    'a member that is not listed',
    { line: 'GET /v1/exec/journal', status: 200, body: { ...ENTRIES, total: 0 } },
    /additional properties.*total/,
  ],
  [
    'a code of another operation',
    { line: 'GET /v1/exec/invocations/x', status: 404, body: refusal('agent_not_found') },
    /the code agent_not_found/,
  ],
  [
    'an envelope with more in it',
    { line: 'GET /v1/nowhere', status: 404, body: refusal('route_not_found', { stack: 'at …' }) },
    /stack/,
  ],
  ['a route nobody wrote down', { line: 'GET /v1/nowhere', status: 200, body: {} }, /not in the document/],
  [
    'a 503 that does not say when to try again',
    { line: 'GET /v1/exec/journal', status: 503, body: refusal('unavailable', { type: 'server_error' }) },
    /retry-after/,
  ],
  [
    'a 405 without what is allowed',
    { line: 'PUT /v1/whoami', status: 405, body: refusal('method_not_allowed') },
    /allow is not there/,
  ],
  [
    'an event that is not listed',
    {
      line: 'GET /v1/exec/executions/stream',
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: 'event: surprise\ndata: {}\n\n',
    },
    /the event surprise/,
  ],
  [
    'what an event carries',
    {
      line: 'GET /v1/exec/executions/stream',
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: 'event: stream.gap\ndata: {"after_seq":1}\n\n',
    },
    /first_seq/,
  ],
  [
    'an entry whose data is not as its type says',
    { line: 'GET /v1/exec/journal', status: 200, body: { ...ENTRIES, data: [FIT, MISFIT] } },
    /data of invocation.started.*args/,
  ],
  [
    'such an entry in a stream',
    {
      line: 'GET /v1/exec/executions/stream',
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: `event: invocation.started\ndata: ${JSON.stringify(MISFIT)}\n\n`,
    },
    /data of invocation.started.*args/,
  ],
  [
    'such an entry in an export',
    { line: 'POST /v1/exports/journal', status: 200, headers: LINES, body: `${JSON.stringify(MISFIT)}\n` },
    /data of invocation.started.*args/,
  ],
])('the judge speaks of %s', (_what, seen, words) => {
  expect(breachesOf(seen).join('\n')).toMatch(words);
});

test('an answer without its request id is none', () => {
  const seen = exchange({ line: 'GET /healthz', status: 200, body: {} });
  const headers = new Map([...seen.headers].filter(([name]) => name !== 'x-request-id'));
  expect(judge({ ...seen, headers }).breaches).toEqual(['the header x-request-id is not there']);
});
