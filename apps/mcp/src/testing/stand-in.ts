import {
  EXECUTION_ID,
  executionSample,
  json,
  pageSample,
  refuse,
  settledSample,
  startServer,
  WORKSPACE_ID,
  INVOCATION_ID,
  AGENT_ID,
  type Handler,
} from '@xem/client/testing';
import { createLifecycle, silentLog, type Clock, type Log } from '@xem/runtime';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import type { Parts } from '../caller.ts';
import { createShelf } from '../catalog/shelf.ts';
import { createFarewells } from '../invocation/farewells.ts';
import { startHttp } from '../http/start.ts';
import { connectHttp, type AnyClient, type ClientKind } from './clients.ts';

export const KEY = 'xk_test_0123456789';
export const INVOCATIONS = 'POST /v1/exec/invocations';
export const INVOCATION = `GET /v1/exec/invocations/${INVOCATION_ID}`;
export const CANCEL = `POST /v1/exec/invocations/${INVOCATION_ID}/cancel`;
export const RAW = `GET /v1/exec/executions/${EXECUTION_ID}/raw`;

/** A tool as the catalogue lists it. */
export const toolSample = (name: string, over: Readonly<Record<string, unknown>> = {}): object => ({
  object: 'tool',
  name,
  description: `does ${name}`,
  domain: 'general',
  risk: 'read',
  timeout_ms: 60_000,
  digest: 'd'.repeat(64),
  variants: 1,
  mcp: { visible: true, alias: name.replaceAll('.', '_') },
  workspaces: [WORKSPACE_ID],
  agents_online: 1,
  agents_total: 1,
  requires_approval: false,
  ...over,
});

const HIDDEN = toolSample('secret.dump', {
  mcp: { visible: false, alias: 'secret_dump' },
  digest: 'e'.repeat(64),
});

const DESCRIPTOR = {
  ...toolSample('pods.get'),
  parameters: { type: 'object', properties: { name: { type: 'string' } } },
  idempotent: true,
  output: { media_type: 'application/json', max_bytes: 1024 },
  declared_risk: 'read',
  agents: [{ id: AGENT_ID, registration_name: 'a', status: 'online' }],
  example: null,
};

const DONE = settledSample({ tool: 'pods.get', output: { text: 'hello', truncated: false } });

/** A router with one visible tool, whose calls complete at once with the output `hello`. */
const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /v1/whoami': ({ headers }, response) =>
    headers.authorization === `Bearer ${KEY}`
      ? json(response, {})
      : refuse(response, { code: 'authentication_required' }, { status: 401 }),
  'GET /v1/exec/tools': ({ url }, response) =>
    json(response, pageSample([toolSample('pods.get'), ...(url.includes('visibility=mcp') ? [] : [HIDDEN])])),
  'GET /v1/exec/tools/pods.get': (_, response) => json(response, DESCRIPTOR),
  [INVOCATIONS]: (_, response) => json(response, DONE, { status: 201 }),
  [INVOCATION]: (_, response) => json(response, DONE),
  [`GET /v1/exec/executions/${EXECUTION_ID}`]: (_, response) => json(response, executionSample()),
  [RAW]: (_, response) => void response.writeHead(200, { 'content-length': 5 }).end('hello'),
};

interface WorldOptions {
  readonly routes?: Readonly<Record<string, Handler>>;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly catalog?: 'core' | 'full';
  readonly workspace?: string | undefined;
}

/** A server over HTTP in front of a router's stand-in. */
export async function openWorld({
  routes = {},
  clock = virtualClock(),
  log = silentLog,
  catalog = 'full',
  ...options
}: WorldOptions = {}) {
  const router = await startServer({ ...ROUTES, ...routes });
  const lifecycle = createLifecycle(silentLog);
  const workspace = 'workspace' in options ? options.workspace : WORKSPACE_ID;
  const settings = { base_url: router.baseUrl, workspace, mcp_catalog: catalog };
  const parts: Parts = {
    clock,
    ids: seededIds(clock),
    log,
    settings,
    shelf: createShelf(),
    farewells: createFarewells(),
  };
  const url = await startHttp({ parts, lifecycle, host: '127.0.0.1', port: 0, allowedHosts: 'mcp.example' });
  const clients: AnyClient[] = [];
  return {
    router,
    url,
    connect: async (kind: ClientKind = 'auto', headers: Readonly<Record<string, string>> = {}) => {
      const client = await connectHttp(kind, {
        url,
        headers: { authorization: `Bearer ${KEY}`, ...headers },
      });
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client[Symbol.asyncDispose]();
      await lifecycle.close();
      await router[Symbol.asyncDispose]();
    },
  };
}
