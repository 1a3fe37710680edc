import { expect, beforeAll } from 'vitest';
import { z } from 'zod';
import { mintKeys, type MatrixKeys } from '../access/keys.ts';
import { makeObjects } from '../access/objects.ts';
import { toolCalls } from '../access/tool-calls.ts';
import { send, type Role } from '../mesh/api.ts';
import { ask } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { NOBODY } from '../operation/nobody.ts';
import type { Objects } from '../operation/row.ts';
import { namesObjects, requestFor, subjects, type Subject } from '../operation/subject.ts';
import type { OperationRequest } from '../operation/write-request.ts';
import { proves } from '../proves.ts';

/** One address sends many requests without a key here. */
const mesh = useMesh({ XEM_UNAUTHENTICATED_PER_MINUTE: '1000000' });

let keys: MatrixKeys | undefined;
let foreign: Objects = NOBODY;
let own: Objects = NOBODY;

beforeAll(async () => {
  keys = await mintKeys(mesh());
  foreign = await makeObjects(mesh(), 'other_project');
  const waiting = await ask(mesh(), { tool: 'demo_effect' });
  own = { ...NOBODY, approval: waiting.approval?.id ?? '' };
});

const minted = (): MatrixKeys => {
  if (!keys) throw new Error('the keys of the matrix are not minted');
  return keys;
};

/** Who asks: a role of the mesh, or whoever has a key; null is nobody. */
type Who = { readonly as: Role | null } | { readonly key: string };

interface Told {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Sends a request and reads its answer; of one that goes on for ever only how it begins. */
async function tell(target: OperationRequest, who: Who): Promise<Told> {
  const bearer = 'key' in who ? { authorization: `Bearer ${who.key}` } : {};
  const headers = { 'x-request-id': 'matrix', ...bearer };
  const response = await send(mesh(), { ...target, as: 'as' in who ? who.as : null, headers });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (isStream) await response.body?.cancel();
  return {
    status: response.status,
    text: isStream ? 'a stream' : await response.text(),
    headers: response.headers,
  };
}

const codeIn = ({ text }: Told): string => /"code":"(\w+)"/.exec(text)?.[1] ?? text;

/** What somebody is told about an operation: a refusal, or anything that is none of access. */
type Verdict =
  | 'let in'
  | 'authentication_required'
  | 'cross_project_access'
  | 'scope_insufficient'
  | (string & {});

async function verdictOf(target: OperationRequest, who: Who): Promise<Verdict> {
  const told = await tell(target, who);
  const isRefused = told.status === 401 || told.status === 403 || told.status >= 500;
  return isRefused ? codeIn(told) : 'let in';
}

const isOpen = ({ operation }: Subject): boolean => operation.scope === 'none';

/** What refuses a key that lacks the scope of an operation, and which key that is; null where no key lacks it. */
function narrowKey({ operation: { scope }, row }: Subject): string | null {
  if (scope === 'none') return null;
  if (scope === 'any') return row.notFor ? minted().only[row.notFor] : null;
  return minted().without[scope];
}

interface Identity {
  readonly name: string;
  readonly ask: (subject: Subject) => Promise<Verdict>;
  readonly expects: (subject: Subject) => Verdict;
}

const unlessOpen =
  (verdict: Verdict) =>
  (subject: Subject): Verdict =>
    isOpen(subject) ? 'let in' : verdict;

const IDENTITIES: readonly Identity[] = [
  {
    name: 'no key',
    ask: (subject) => verdictOf(requestFor(subject, NOBODY), { as: null }),
    expects: unlessOpen('authentication_required'),
  },
  {
    name: 'a revoked key',
    ask: (subject) => verdictOf(requestFor(subject, NOBODY), { key: minted().revoked }),
    expects: unlessOpen('authentication_required'),
  },
  {
    name: 'an expired key',
    ask: (subject) => verdictOf(requestFor(subject, NOBODY), { key: minted().expired }),
    expects: unlessOpen('authentication_required'),
  },
  {
    name: 'a key of another project',
    ask: (subject) =>
      verdictOf(requestFor(subject, NOBODY, `/${mesh().facts.project_id}`), { as: 'other_project' }),
    expects: unlessOpen('cross_project_access'),
  },
  {
    name: 'a key without the scope',
    ask: async (subject) => {
      const key = narrowKey(subject);
      return key === null ? 'let in' : verdictOf(requestFor(subject, NOBODY), { key });
    },
    expects: (subject) => (narrowKey(subject) === null ? 'let in' : 'scope_insufficient'),
  },
  {
    name: 'a service with every scope',
    ask: (subject) => {
      const ids = subject.row.humans ? own : NOBODY;
      return verdictOf(requestFor(subject, ids), { key: minted().service });
    },
    expects: ({ row }) => row.humans ?? 'let in',
  },
  {
    name: 'the right key',
    ask: (subject) => verdictOf(requestFor(subject, NOBODY), { as: 'operator' }),
    expects: () => 'let in',
  },
];

for (const { name, ask: asked, expects } of IDENTITIES) {
  proves('access.matrix', `every operation, asked for by ${name}`, async () => {
    const verdicts: Record<string, Verdict> = {};
    for (const subject of subjects()) verdicts[subject.operation.id] = await asked(subject);
    expect(verdicts).toEqual(
      Object.fromEntries(subjects().map((subject) => [subject.operation.id, expects(subject)])),
    );
  });
}

interface McpIdentity {
  readonly name: string;
  readonly key: () => string | null;
  readonly verdict: 'authentication_required' | 'scope_insufficient' | 'let in';
}

const MCP_IDENTITIES: readonly McpIdentity[] = [
  { name: 'no key', key: () => null, verdict: 'authentication_required' },
  { name: 'a revoked key', key: () => minted().revoked, verdict: 'authentication_required' },
  { name: 'an expired key', key: () => minted().expired, verdict: 'authentication_required' },
  { name: 'a key without the scope', key: () => minted().without.execution, verdict: 'scope_insufficient' },
  { name: 'a service', key: () => minted().only.execution, verdict: 'let in' },
  { name: 'a human', key: () => mesh().facts.keys.operator, verdict: 'let in' },
];

/** Calls a tool by hand; answers status and text. */
async function callTool(name: string, args: unknown, key: string | null): Promise<string> {
  const response = await fetch(mesh().facts.mcp_url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...(key !== null && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args },
    }),
  });
  return `${response.status} ${await response.text()}`;
}

const REFUSED = /authentication_required|scope_insufficient|cross_project_access|endpoint_restricted/;

for (const { name, key, verdict } of MCP_IDENTITIES) {
  proves('access.matrix', `every tool of the MCP server, called by ${name}`, async () => {
    const verdicts: Record<string, string> = {};
    for (const tool of toolCalls()) {
      const told = await callTool(tool.name, tool.args(NOBODY), key());
      verdicts[tool.name] = REFUSED.exec(told)?.[0] ?? 'let in';
    }
    expect(verdicts).toEqual(Object.fromEntries(toolCalls().map((tool) => [tool.name, verdict])));
  });
}

const mask = (words: string, ids: Objects): string =>
  Object.entries(ids).reduce((masked, [noun, id]) => masked.replaceAll(id, `<${noun}>`), words);

const REQUEST_ID = /request [0-9a-f-]{36}|"request_id":"[^"]*"/g;

proves('access.no-oracle', 'every tool of the MCP server that names an object', async () => {
  const told: Record<string, string> = {};
  const expected: Record<string, string> = {};
  const { operator } = mesh().facts.keys;
  for (const { name, args } of toolCalls()) {
    const [there, nowhere] = [foreign, NOBODY].map(async (ids) =>
      mask(await callTool(name, args(ids), operator), ids).replaceAll(REQUEST_ID, ''),
    );
    told[name] = (await there) ?? '';
    expected[name] = (await nowhere) ?? '';
  }
  expect(told).toEqual(expected);
});

const NOISE: ReadonlySet<string> = new Set(['date', 'x-ratelimit-remaining', 'x-ratelimit-reset']);

/** An answer with every id written as its noun. */
function withoutIds({ status, text, headers }: Told, ids: Objects): object {
  const told = [...headers].filter(([header]) => !NOISE.has(header));
  return {
    status,
    text: mask(text, ids),
    headers: told.map(([header, value]) => [header, mask(value, ids)]),
  };
}

proves('access.no-oracle', 'every operation that names an object, in path, query and body', async () => {
  const told: Record<string, object> = {};
  const expected: Record<string, object> = {};
  const naming = subjects().filter((subject) => namesObjects(subject, NOBODY));
  expect(naming.length).toBeGreaterThan(50);
  for (const subject of naming) {
    const { id } = subject.operation;
    told[id] = withoutIds(await tell(requestFor(subject, foreign), { as: 'operator' }), foreign);
    expected[id] = withoutIds(await tell(requestFor(subject, NOBODY), { as: 'operator' }), NOBODY);
  }
  expect(told).toEqual(expected);
});

const Cursor = z.object({ next_cursor: z.string() });

proves('access.no-oracle', 'a cursor of another project is no cursor', async () => {
  const list = '/v1/management/principals';
  const page = await tell({ method: 'GET', path: `${list}?limit=1` }, { as: 'other_project' });
  const { next_cursor: cursor } = Cursor.parse(JSON.parse(page.text));
  const [theirs, nobodys] = [cursor, 'nonsense'].map((after) =>
    tell({ method: 'GET', path: `${list}?after=${after}` }, { as: 'operator' }),
  );
  const told = await theirs;
  expect(told?.status).toBe(400);
  expect(told?.text).toBe((await nobodys)?.text);
});

proves('access.no-oracle', 'an idempotency key of another project replays nothing', async () => {
  const body = { workspace_id: mesh().facts.workspace_id, tool: 'demo_echo', args: {} };
  const headers = { 'idempotency-key': 'shared' };
  const create = { method: 'POST', path: '/v1/exec/invocations', body, headers } as const;
  const mine = await send(mesh(), { ...create, as: 'operator' });
  const theirs = await send(mesh(), { ...create, as: 'other_project' });
  expect([mine.status, theirs.status]).toEqual([201, 404]);
  expect(theirs.headers.get('idempotent-replayed')).toBeNull();
  await Promise.all([mine.text(), theirs.text()]);
});
