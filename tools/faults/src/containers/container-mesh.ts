import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@xem/runtime';
import {
  getContainerRuntimeClient,
  Network,
  type ContainerRuntimeClient,
  type StartedNetwork,
  type StartedTestContainer,
} from 'testcontainers';
import { ask, type Answer, type Request } from '../harness/api.ts';
import { deadlineBy, mintJoinKey, tenantsOf, type Tenant } from '../harness/mesh.ts';
import { PROGRAMS } from '../harness/place.ts';
import { seedMesh } from '../harness/seed-mesh.ts';
import { startContainer, type ContainerRow } from './container.ts';

/** An agent in a container of its own. */
export interface ContainedAgent {
  readonly name: string;
  readonly stateDir: string;
  readonly key: string;
  id(): string;
  /** Takes it off the network, with its lines open and nothing said. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** A router and three agents from our images, on a network of their own. */
export interface ContainerMesh {
  readonly dir: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tenants: readonly [Tenant, Tenant];
  readonly agents: readonly ContainedAgent[];
  call(request: Request): Promise<Answer>;
  direct(request: Request): Promise<Answer>;
  /** Kills the router at once and starts it again. */
  killRouter(): Promise<void>;
  stop(): Promise<void>;
}

const TAG = process.env['XEM_IMAGE_TAG'] ?? 'dev';
const HTTP_PORT = 8787;

/** Leases of three seconds, and lost agents given up long after a cut has been healed. */
const FAST = {
  XEM_LEASE_RENEWAL_INTERVAL_MS: '1000',
  XEM_LOST_GRACE_MS: '20000',
  XEM_QUEUE_TIMEOUT_MS: '30000',
};

const EFFECT_LOG = '/effects.jsonl';
const effectLogIn = (dir: string): string => join(dir, 'effects.jsonl');

interface Place {
  readonly dir: string;
  readonly network: StartedNetwork;
}

const routerRow = ({ dir, network }: Place): ContainerRow => ({
  image: `xem-router:${TAG}`,
  name: 'router',
  network,
  environment: { ...FAST, XEM_MESH_PUBLIC_HOST: 'router', XEM_LOG_LEVEL: 'info' },
  mounts: { '/var/lib/xem': join(dir, 'router') },
  logPath: join(dir, 'router.log'),
  ports: [HTTP_PORT],
  readyWord: /router\.ready/,
});

const agentRow = ({ dir, network }: Place, name: string, joinKey: string): ContainerRow => ({
  image: `xem-agent:${TAG}`,
  name,
  network,
  environment: {
    XEM_REGISTRATION_NAME: name,
    XEM_JOIN_KEY: joinKey,
    XEM_LEASE_RENEWAL_INTERVAL_MS: '1000',
    XEM_EFFECT_LOG: EFFECT_LOG,
    XEM_CREDENTIALS_DIR: '/var/lib/xem-agent/credentials',
  },
  mounts: {
    '/var/lib/xem-agent': join(dir, name),
    '/etc/xem/tools/demo': join(PROGRAMS.bundles, 'demo'),
    [EFFECT_LOG]: effectLogIn(dir),
  },
  logPath: join(dir, `${name}.log`),
  readyWord: /agent\.ready/,
});

const folder = (...parts: readonly [string, ...string[]]): string => {
  const path = join(...parts);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
};

interface Seat {
  readonly client: ContainerRuntimeClient;
  readonly place: Place;
  readonly name: string;
  readonly tenant: Tenant;
}

async function seat({ client, place, name, tenant }: Seat, joinKey: string) {
  const stateDir = folder(place.dir, name);
  folder(stateDir, 'credentials');
  const container = await startContainer(agentRow(place, name, joinKey));
  const network = client.network.getById(place.network.getId());
  const agent: ContainedAgent = {
    name,
    stateDir,
    key: tenant.humans[0],
    id: () => container.getId(),
    cut: async () => void (await network.disconnect({ Container: container.getId(), Force: true })),
    restore: async () => void (await network.connect({ Container: container.getId() })),
  };
  return { agent, container };
}

const urlOf = (router: StartedTestContainer): string =>
  `http://${router.getHost()}:${router.getMappedPort(HTTP_PORT)}`;

/** Starts the mesh. @throws Error when no container engine answers, or the images are not there */
export async function startContainerMesh(): Promise<ContainerMesh> {
  const clock = systemClock();
  const client = await getContainerRuntimeClient();
  const dir = await mkdtemp(join(tmpdir(), 'xem-containers-'));
  const dataDir = folder(dir, 'router');
  const seed = await seedMesh(dataDir);
  const network = await new Network().start();
  const place: Place = { dir, network };
  writeFileSync(effectLogIn(dir), '');
  const router = await startContainer(routerRow(place));
  const call = (request: Request): Promise<Answer> => ask(deadlineBy(clock), urlOf(router), request);
  const tenants = await tenantsOf(call, seed);
  const [first, second] = tenants;
  const seats: Awaited<ReturnType<typeof seat>>[] = [];
  for (const [name, tenant] of [
    ['north', first],
    ['south', first],
    ['other', second],
  ] as const)
    seats.push(await seat({ client, place, name, tenant }, await mintJoinKey(call, tenant, name)));
  return {
    dir,
    dataDir,
    clock,
    tenants,
    agents: seats.map(({ agent }) => agent),
    call,
    direct: call,
    killRouter: async () => {
      await client.container.getById(router.getId()).kill({ signal: 'SIGKILL' });
      await router.restart();
    },
    stop: async () => {
      for (const { container } of seats) await container.stop();
      await router.stop();
      await network.stop();
    },
  };
}
