import { mkdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@xem/runtime';
import { z } from 'zod';
import { openTcpProxy, type TcpProxy } from '../proxy/tcp-proxy.ts';
import { agentSeat, type AgentSeat } from './agent.ts';
import { ask, type Answer, type Request } from './api.ts';
import type { Program } from './program.ts';
import { startRouter, type Ports } from './router.ts';
import { seedMesh, type Seed } from './seed-mesh.ts';

/** One of the two projects, with everything a caller of it needs. */
export interface Tenant {
  readonly project: string;
  readonly workspace: string;
  /** Humans who may decide. */
  readonly humans: readonly [string, ...string[]];
  /** Whoever asks. */
  readonly caller: string;
}

/** A mesh of real processes that can be broken: each agent and the callers have a line of their own to the router. */
export interface Mesh {
  readonly dir: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tenants: readonly [Tenant, Tenant];
  readonly agents: readonly AgentSeat[];
  /** The line of the callers. */
  readonly line: TcpProxy;
  readonly ports: Ports;
  readonly seed: Seed;
  router(): Program;
  /** Starts the router again on its ports. */
  startRouter(env?: NodeJS.ProcessEnv): Promise<void>;
  /** Asks through the line of the callers. @throws when no answer comes */
  call(request: Request): Promise<Answer>;
  /** Asks the router itself, past any broken line. */
  direct(request: Request): Promise<Answer>;
  stop(): Promise<void>;
}

const Created = z.looseObject({ id: z.string(), value: z.string().optional() });

/** Ends a request that takes too long; the timer keeps no process alive. */
export function deadlineBy(clock: Clock): (ms: number) => AbortSignal {
  return (ms) => {
    const controller = new AbortController();
    clock.after(ms, () => controller.abort(new Error(`no answer within ${ms} ms`)));
    return controller.signal;
  };
}

/** How a mesh differs from the usual. */
export interface MeshOptions {
  /** More of the router's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with the folder of the mesh while it is empty. */
  readonly prepare?: (dir: string) => void;
}

type Call = (request: Request) => Promise<Answer>;

async function create(call: Call, request: Omit<Request, 'method'>): Promise<z.infer<typeof Created>> {
  const { status, body } = await call({ method: 'POST', ...request });
  if (status !== 201) throw new Error(`${request.path} answered ${status}: ${JSON.stringify(body)}`);
  return Created.parse(body);
}

/** Mints a join key for one agent of a project. */
export async function mintJoinKey(
  call: Call,
  { humans: [key], workspace }: Tenant,
  name: string,
): Promise<string> {
  const body = { name, workspaces: [workspace] };
  const { value = '' } = await create(call, { path: '/v1/management/join-keys', key, body });
  return value;
}

/** The two projects of a mesh as it was seeded; the second one gets its workspace. */
export async function tenantsOf(call: Call, { project_id, workspace_id, other_project_id, keys }: Seed) {
  const other = await create(call, {
    path: '/v1/workspaces',
    key: keys.other_project,
    body: { name: 'other' },
  });
  const first: Tenant = {
    project: project_id,
    workspace: workspace_id,
    humans: [keys.operator, keys.approver],
    caller: keys.service,
  };
  const second: Tenant = {
    project: other_project_id,
    workspace: other.id,
    humans: [keys.other_project],
    caller: keys.other_project,
  };
  return [first, second] as const;
}

const gone = async (program: Program): Promise<void> => {
  if (program.isRunning()) {
    program.signal('SIGCONT');
    program.signal('SIGKILL');
  }
  await program.ended;
};

/** Starts a router, two agents of the first project and one of the second. */
export async function startMesh({ env = {}, prepare }: MeshOptions = {}): Promise<Mesh> {
  const clock = systemClock();
  const dir = await mkdtemp(join(tmpdir(), 'xem-faults-'));
  const dataDir = join(dir, 'router');
  prepare?.(dir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const seed = await seedMesh(dataDir);
  let router = startRouter(dir, { ports: { http: 0, data: 0, enroll: 0 }, env });
  const ports = await router.ports;
  const line = await openTcpProxy(clock, ports.http);
  const deadline = deadlineBy(clock);
  const direct: Call = (request) => ask(deadline, `http://127.0.0.1:${ports.http}`, request);
  const tenants = await tenantsOf(direct, seed);
  const [first, second] = tenants;
  const seat = async (name: string, tenant: Tenant): Promise<AgentSeat> => {
    const joinKey = await mintJoinKey(direct, tenant, name);
    return agentSeat(clock, { dir, name, joinKey, dataPort: ports.data });
  };
  const agents = [await seat('north', first), await seat('south', first), await seat('other', second)];
  await Promise.all(agents.map((agent) => agent.start()));
  return {
    dir,
    dataDir,
    clock,
    tenants,
    agents,
    line,
    ports,
    seed,
    router: () => router.program,
    startRouter: async (again) => {
      router = startRouter(dir, { ports, env: { ...env, ...again } });
      await router.ports;
    },
    call: (request) => ask(deadline, `http://127.0.0.1:${line.port}`, request),
    direct,
    stop: async () => {
      for (const agent of agents) await gone(agent.program());
      await gone(router.program);
      for (const agent of agents) await agent.line.close();
      await line.close();
    },
  };
}
