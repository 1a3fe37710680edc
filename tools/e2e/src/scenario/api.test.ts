import { createParser } from 'eventsource-parser';
import { expect } from 'vitest';
import { z } from 'zod';
import { call, codeOf, errorOf, send } from '../mesh/api.ts';
import { ask, execution, run, settled } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const INVOCATIONS = '/v1/exec/invocations';
const body = (change: Record<string, unknown> = {}) => ({
  workspace_id: mesh().facts.workspace_id,
  tool: 'demo_echo',
  args: {},
  ...change,
});

proves(
  'api.foreign',
  'invocations, executions, output, approvals, agents, workspaces, tools and lists',
  async () => {
    const gated = await ask(mesh(), { tool: 'demo_effect' });
    const ended = await run(mesh(), { tool: 'demo_echo' });
    const { workspace_id: workspace, agent_ids: agents } = mesh().facts;
    const as = 'other_project';
    const foreign: readonly (readonly [string, string, 'GET' | 'POST'])[] = [
      [`${INVOCATIONS}/${ended.id}`, 'invocation_not_found', 'GET'],
      [`${INVOCATIONS}/${ended.id}/stream`, 'invocation_not_found', 'GET'],
      [`${INVOCATIONS}/${ended.id}/cancel`, 'invocation_not_found', 'POST'],
      [`/v1/exec/executions/${ended.execution_id}`, 'execution_not_found', 'GET'],
      [`/v1/exec/executions/${ended.execution_id}/raw`, 'execution_not_found', 'GET'],
      [`/v1/exec/executions/${ended.execution_id}/rerun`, 'execution_not_found', 'POST'],
      [`/v1/exec/approvals/${gated.approval?.id}`, 'approval_not_found', 'GET'],
      [`/v1/exec/approvals/${gated.approval?.id}/approve`, 'approval_not_found', 'POST'],
      [`/v1/exec/approvals/${gated.approval?.id}/reject`, 'approval_not_found', 'POST'],
      [`/v1/exec/agents/${agents[0]}`, 'agent_not_found', 'GET'],
      [`/v1/exec/agents/${agents[0]}/manifest`, 'agent_not_found', 'GET'],
      [`/v1/exec/agents/${agents[0]}/environment`, 'agent_not_found', 'GET'],
      [`/v1/exec/agents/${agents[0]}/connectivity`, 'agent_not_found', 'GET'],
      [`/v1/workspaces/${workspace}`, 'workspace_not_found', 'GET'],
      [`/v1/exec/tools/demo_echo`, 'exec_tool_not_found', 'GET'],
      [`/v1/exec/tools?workspace_id=${workspace}`, 'workspace_not_found', 'GET'],
    ];
    for (const [path, code, method] of foreign) {
      const answer = await call(mesh(), { path, method, as, ...(method === 'POST' && { body: {} }) });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 404, code]);
    }
    for (const list of ['invocations', 'executions', 'approvals', 'agents', 'tools']) {
      expect((await call(mesh(), { path: `/v1/exec/${list}`, as })).body).toMatchObject({
        data: [],
        has_more: false,
      });
    }
    const asked = await call(mesh(), { path: INVOCATIONS, method: 'POST', as, body: body() });
    expect([asked.status, codeOf(asked)]).toEqual([404, 'workspace_not_found']);
  },
);

proves(
  'api.envelope',
  'known and unknown routes, wrong methods, broken JSON, and the caller’s own request id',
  async () => {
    const answers = await Promise.all([
      call(mesh(), { path: '/healthz', as: null }),
      call(mesh(), { path: '/v1/whoami' }),
      call(mesh(), { path: '/v1/no-such-route' }),
      call(mesh(), { path: '/v1/whoami', method: 'DELETE' }),
      call(mesh(), { path: '/v1/whoami', as: null }),
      call(mesh(), { path: INVOCATIONS, method: 'POST', headers: { 'content-type': 'application/json' } }),
    ]);
    for (const { headers, status, ...answer } of answers) {
      expect(headers.get('x-request-id')).toMatch(/^[\w.-]{1,128}$/);
      if (status >= 400) expect(errorOf({ headers, status, ...answer }).message).not.toBe('');
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 405, 401, 400]);
    const own = await call(mesh(), { path: '/v1/whoami', headers: { 'x-request-id': 'mine-1' } });
    expect(own.headers.get('x-request-id')).toBe('mine-1');
  },
);

proves('api.order', 'each refusal comes before the ones behind it', async () => {
  const { project_id: project } = mesh().facts;
  const huge = body({ args: { text: 'x'.repeat(2 * 1024 * 1024) } });
  const post = (change: object) => call(mesh(), { method: 'POST', path: INVOCATIONS, ...change });
  const refusals = [
    [await post({ as: null, body: huge }), 413, 'payload_too_large', null],
    [await post({ as: null, body: { nonsense: true } }), 401, 'authentication_required', null],
    [
      await post({ as: 'other_project', path: `/${project}${INVOCATIONS}`, body: {} }),
      403,
      'cross_project_access',
      null,
    ],
    [await post({ as: 'inference', body: { nonsense: true } }), 403, 'scope_insufficient', null],
    [await post({ body: { nonsense: true } }), 400, 'missing_workspace_id', '/workspace_id'],
    [
      await post({ body: body({ workspace_id: '0193b0c4-aaaa-7bbb-8ccc-0123456789ab' }) }),
      400,
      'invalid_workspace_id',
      '/workspace_id',
    ],
    [await post({ body: body({ surprise: 1 }) }), 400, 'invalid_body', '/surprise'],
    [
      await post({ body: body({ project_id: `prj_${'0'.repeat(24)}`, tool: 'nope' }) }),
      403,
      'project_mismatch',
      '/project_id',
    ],
    [
      await post({ body: body({ workspace_id: 'ws_0123abcd', tool: 'nope' }) }),
      404,
      'workspace_not_found',
      '/workspace_id',
    ],
    [await post({ body: body({ tool: 'nope', args: { a: 1 } }) }), 400, 'exec_tool_not_found', '/tool'],
    [
      await post({ body: body({ tool: 'demo_sleep', args: { seconds: 'long' } }) }),
      400,
      'invalid_body',
      '/args/seconds',
    ],
  ] as const;
  for (const [answer, status, code, param] of refusals) {
    expect([answer.status, errorOf(answer).code, errorOf(answer).param]).toEqual([status, code, param]);
  }
});

proves(
  'api.document',
  'every operation is in it, and a real answer carries only declared members',
  async () => {
    const document = await call(mesh(), { path: '/openapi.json', as: null });
    const { openapi, paths } = z
      .object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
      .parse(document.body);
    expect(openapi).toMatch(/^3\.1/);
    expect(Object.keys(paths).some((path) => path.endsWith('/exec/invocations'))).toBe(true);
    const ended = await run(mesh(), { tool: 'demo_echo' });
    expect((await execution(mesh(), ended.execution_id ?? '')).status).toBe('completed');
  },
);

proves(
  'api.wait',
  'a call that ends, one that outlasts the wait, and one that is cancelled meanwhile',
  async () => {
    const post = (change: Record<string, unknown>, prefer: string) =>
      call(mesh(), { method: 'POST', path: INVOCATIONS, body: body(change), headers: { prefer } });
    const ended = await post({ args: { a: 1 } }, 'wait=20');
    expect([ended.status, ended.body]).toEqual([
      200,
      expect.objectContaining({ status: 'completed', output: { text: '{"a":1}', truncated: false } }),
    ]);
    const slow = await post({ tool: 'demo_sleep', args: { seconds: 30 } }, 'wait=1');
    expect(slow.status).toBe(202);
    const location = slow.headers.get('location') ?? '';
    const long = call(mesh(), {
      path: new URL(location, mesh().facts.router_url).pathname,
      headers: { prefer: 'wait=30' },
    });
    const { id } = z.object({ id: z.string() }).parse(slow.body);
    await call(mesh(), { method: 'POST', path: `${INVOCATIONS}/${id}/cancel`, body: {} });
    expect([(await long).status, (await long).body]).toEqual([
      200,
      expect.objectContaining({ status: 'cancelled' }),
    ]);
  },
);

interface Seen {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
}

/** Reads events of a stream until there are enough of them, or it ends. */
async function follow(
  path: string,
  enough: (seen: readonly Seen[]) => boolean,
  lastEventId?: string,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const stop = new AbortController();
  const headers = { accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) };
  const response = await send(mesh(), { path, headers, signal: stop.signal });
  const parser = createParser({
    onEvent: ({ id, event, data }) => seen.push({ id, event, data: JSON.parse(data) }),
  });
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    parser.feed(decoder.decode(piece, { stream: true }));
    if (enough(seen)) break;
  }
  stop.abort();
  return seen;
}

proves('api.stream', 'the project’s journal, broken off and taken up again', async () => {
  const path = '/v1/exec/executions/stream';
  const asked = await ask(mesh(), { tool: 'demo_echo' });
  await settled(mesh(), asked.id);
  const first = await follow(`${path}?after_seq=0`, (seen) => seen.length >= 5);
  const cut = first[4]?.id ?? '';
  const second = await follow(path, (seen) => seen.length >= 5, cut);
  const numbers = [...first.slice(0, 5), ...second].map(({ id }) => Number(id));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
});

proves(
  'api.stream',
  'one invocation from its snapshot to its end, its output joined from the chunks',
  async () => {
    const asked = await ask(mesh(), { tool: 'demo_flood', args: { bytes: 200_000, pattern: 'text' } });
    const seen = await follow(`${INVOCATIONS}/${asked.id}/stream`, () => false);
    expect(seen[0]?.event).toBe('invocation.snapshot');
    expect(seen.at(-1)).toMatchObject({ event: 'invocation.settled', data: { status: 'completed' } });
    const Chunk = z.object({ offset: z.number(), bytes: z.number(), stream: z.string() });
    const chunks = seen
      .filter(({ event }) => event === 'execution.output')
      .map(({ data }) => Chunk.parse(data));
    let next = 0;
    for (const chunk of chunks.filter(({ stream }) => stream === 'stdout')) {
      expect(chunk.offset).toBe(next);
      next += chunk.bytes;
    }
    expect(next).toBe(200_000);
  },
);
