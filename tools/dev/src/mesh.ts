import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@xem/runtime';
import { z } from 'zod';
import { linkBundles } from './bundles.ts';
import { mintJoinKey } from './join-key.ts';
import { recall, remember, type Ports } from './memory.ts';
import type { MeshFile } from './mesh-file.ts';
import type { Place } from './place.ts';
import { LOOPBACK } from './ports.ts';
import type { Seed } from './seed.ts';
import type { ServiceRow } from './service.ts';
import type { Programs } from './programs.ts';
import type { Supervisor } from './supervisor.ts';

const AGENT_NAME = 'dev-agent-01';

/** What each service adds to its `{ type: 'ready' }`. */
const RouterFacts = z.object({ http_url: z.url(), data_endpoint: z.string(), enroll_endpoint: z.string() });
type RouterFacts = z.infer<typeof RouterFacts>;
const AgentFacts = z.object({ agent_id: z.string() });
const McpFacts = z.object({ url: z.url() });

/** What a mesh is started from. */
export interface MeshContext {
  readonly clock: Clock;
  readonly place: Place;
  readonly ports: Readonly<Ports>;
  readonly seed: Seed;
  readonly programs: Programs;
  readonly supervisor: Supervisor;
  readonly signal: AbortSignal;
  /** The caller's environment; settings in it hold where this file says nothing else. */
  readonly env: NodeJS.ProcessEnv;
}

/** Identities and keys of the caller's are none of a service's business. */
const inherited = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^XEROTIER_|^XEM_.*(?:KEY|URL|_PATH|CONFIG)/.test(name)),
  );

const routerRow = ({ env, place, ports, programs }: MeshContext): ServiceRow => ({
  name: 'router',
  entry: programs.router,
  env: {
    ...inherited(env),
    XEM_DATA_DIR: place.routerDir,
    XEM_HTTP_HOST: LOOPBACK,
    XEM_HTTP_PORT: `${ports.http}`,
    XEM_MESH_HOST: LOOPBACK,
    XEM_MESH_PUBLIC_HOST: LOOPBACK,
    XEM_DATA_PORT: `${ports.data}`,
    XEM_ENROLL_PORT: `${ports.enroll}`,
    XEM_SHUTDOWN_GRACE_SECONDS: '0',
  },
});

/**
 * Buffers of output are garbage once they are sent, and only a collection frees them. With a small young generation
 * one comes soon: 64 MiB of output then cost the agent 25 MiB and not 75, and it is 10 MiB smaller at rest.
 */
const SMALL_YOUNG_GENERATION = '--max-semi-space-size=2';

const agentRow = (
  { env, place, programs }: MeshContext,
  router: RouterFacts,
  joinKey: string | null,
): ServiceRow => ({
  name: 'agent',
  entry: programs.agent,
  nodeFlags: [SMALL_YOUNG_GENERATION],
  env: {
    ...inherited(env),
    XEM_STATE_DIR: place.agentDir,
    XEM_TOOLS_DIR: place.toolsDir,
    XEM_CREDENTIALS_DIR: join(place.agentDir, 'credentials'),
    XEM_REGISTRATION_NAME: AGENT_NAME,
    XEM_ROUTER_URL: router.data_endpoint,
    XEM_ON_SHUTDOWN: 'kill',
    XEM_SHUTDOWN_GRACE_SECONDS: '0',
    XEM_EFFECT_LOG: place.effectLog,
    ...(joinKey === null ? {} : { XEM_JOIN_KEY: joinKey }),
  },
});

const mcpRow = ({ env, ports, programs, seed }: MeshContext, router: RouterFacts): ServiceRow => ({
  name: 'mcp',
  entry: programs.mcp,
  args: ['--http'],
  env: {
    ...inherited(env),
    XEM_BASE_URL: router.http_url,
    XEM_WORKSPACE: seed.workspace_id,
    XEM_MCP_HOST: LOOPBACK,
    XEM_MCP_PORT: `${ports.mcp}`,
  },
});

/** A join key for an agent that has not enrolled before, or whose folder somebody removed; null when it needs none. */
async function joinKeyFor(
  { clock, place, seed, signal }: MeshContext,
  router: RouterFacts,
): Promise<string | null> {
  const enrolled = recall(place).agent_id !== null;
  if (enrolled && existsSync(place.agentDir)) return null;
  return await mintJoinKey({
    clock,
    routerUrl: router.http_url,
    apiKey: seed.keys.operator,
    signal,
    body: { name: AGENT_NAME, workspaces: [seed.workspace_id], replace: enrolled },
  });
}

/** Starts the agent; resolves with its id. */
async function startAgent(context: MeshContext, router: RouterFacts): Promise<string> {
  const { place, supervisor } = context;
  const joinKey = await joinKeyFor(context, router);
  linkBundles(place);
  mkdirSync(join(place.agentDir, 'credentials'), { recursive: true, mode: 0o700 });
  const { agent_id } = AgentFacts.parse(await supervisor.start(agentRow(context, router, joinKey)));
  return agent_id;
}

/** The port at the end of an address. */
const portOf = (address: string): number => Number(new URL(address).port);

/** Starts router, then agent and MCP beside each other; resolves with what other programs need, once all are ready. */
export async function startMesh(context: MeshContext): Promise<MeshFile> {
  const { place, seed, supervisor } = context;
  const router = RouterFacts.parse(await supervisor.start(routerRow(context)));
  const [agentId, mcp] = await Promise.all([
    startAgent(context, router),
    supervisor.start(mcpRow(context, router)).then((facts) => McpFacts.parse(facts)),
  ]);
  const ports = {
    http: portOf(router.http_url),
    mcp: portOf(mcp.url),
    data: portOf(router.data_endpoint),
    enroll: portOf(router.enroll_endpoint),
  };
  remember(place, { agent_id: agentId, ports });
  return {
    router_url: router.http_url,
    mcp_url: mcp.url,
    console_url: `${router.http_url}/ops`,
    data_endpoint: router.data_endpoint,
    enroll_endpoint: router.enroll_endpoint,
    project_id: seed.project_id,
    workspace_id: seed.workspace_id,
    agent_ids: [agentId],
    effect_log: place.effectLog,
    keys: seed.keys,
    pids: {
      router: supervisor.processOf('router').pid,
      agents: [supervisor.processOf('agent').pid],
      mcp: supervisor.processOf('mcp').pid,
    },
  };
}
