import { upkeep, type Services } from '@xem/domain';
import { crashingNetwork } from '@xem/mesh';
import type { CrashPoint, Lifecycle } from '@xem/runtime';
import { openSqliteStore, withCrashPoints } from '@xem/store';
import { createErrands, type Errands } from './errands.ts';
import { createHttpApp } from './http/app.ts';
import { serveHttp } from './http/server.ts';
import { routerKeys, type RouterKeys } from './keys.ts';
import { startDeadlines } from './loops/deadlines.ts';
import { startLeases } from './loops/leases.ts';
import { startUpkeep } from './loops/upkeep.ts';
import { createConnections, type LiveConnections } from './mesh/connections.ts';
import { openMesh } from './mesh/open.ts';
import { recover } from './recover.ts';
import { resumeClock } from './resume-clock.ts';
import { createServices, type Addresses, type Ambient } from './services.ts';
import type { RouterSettings } from './settings.ts';

/** Requests under way have this long to end when the router has stopped to wait. */
const HTTP_GRACE_MS = 5000;

/** What a router is made of. */
export interface Parts {
  readonly ambient: Ambient;
  readonly settings: RouterSettings;
  readonly lifecycle: Lifecycle;
  /** Ends the process: a part broke that the router cannot be without. */
  readonly fatal: (err: unknown) => void;
  /** Where the router shall die, for tests of what a crash leaves. */
  readonly crash?: CrashPoint | null;
}

interface Core {
  readonly parts: Parts;
  readonly services: Services;
  readonly keys: RouterKeys;
  readonly addresses: Addresses;
  readonly connections: LiveConnections;
  readonly errands: Errands;
}

async function openCore(parts: Parts): Promise<Core> {
  const { ambient, settings, lifecycle, fatal, crash } = parts;
  const addresses = { http: '', enroll: '', data: '' };
  const opened = await openSqliteStore({ dataDir: settings.data_dir, ...ambient, onFatal: fatal });
  lifecycle.own(opened, (owned) => owned.close());
  const store = crash ? withCrashPoints(opened, crash) : opened;
  const errands = lifecycle.own(createErrands(ambient.log), (owned) => owned.drained());
  const keys = routerKeys(settings.data_dir, ambient.ids);
  const connections = createConnections();
  const clock = await resumeClock(ambient, store);
  const services = createServices({
    ambient: { ...ambient, clock },
    store,
    keys,
    settings,
    addresses,
    connections,
  });
  lifecycle.own(services.settlements, (settlements) => settlements.close());
  await recover(services);
  return { parts, services, keys, addresses, connections, errands };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host.startsWith('127.');

/** A router that listens for hosts elsewhere, and tells them to dial themselves, is not what anybody wants. */
function warnOfLoopback({ ambient, settings }: Parts): void {
  if (isLoopback(settings.mesh_host) || !isLoopback(settings.mesh_public_host)) return;
  ambient.log.warn('mesh.public_host_is_loopback', {
    fix: 'agents on other hosts need XEM_MESH_PUBLIC_HOST; join keys minted now lead to this machine only',
  });
}

const portOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf(':') + 1);

async function openDoorForAgents(core: Core): Promise<void> {
  const { addresses, parts } = core;
  const { mesh_host, mesh_public_host, data_port, enroll_port } = parts.settings;
  const mesh = await openMesh({
    ...core,
    ...parts,
    dataEndpoint: `tcp://${mesh_host}:${data_port}`,
    enrollEndpoint: `tcp://${mesh_host}:${enroll_port}`,
    ...(parts.crash && { network: crashingNetwork(parts.crash, parts.ambient.clock) }),
  });
  warnOfLoopback(parts);
  addresses.data = `tcp://${mesh_public_host}:${portOf(mesh.dataEndpoint)}`;
  addresses.enroll = `tcp://${mesh_public_host}:${portOf(mesh.enrollEndpoint)}`;
}

function startLoops({ parts, services }: Core): void {
  for (const start of [startDeadlines, startLeases, startUpkeep]) {
    parts.lifecycle.own(start(services), (loop) => loop.stop());
  }
}

/** Whether a transaction commits now. */
const canWrite = ({ store }: Services): Promise<boolean> =>
  upkeep({ store }, async () => true).catch(() => false);

async function openHttp({ parts, services, addresses }: Core): Promise<string> {
  const { ambient, settings, lifecycle } = parts;
  const readiness = async (): Promise<Record<string, boolean>> => ({ store: await canWrite(services) });
  const app = createHttpApp(services, { bodyBytesMax: settings.body_bytes_max, readiness });
  const { http_host: host, http_port: port, shutdown_grace_seconds: waitSeconds } = settings;
  const waitMs = waitSeconds * 1000;
  const server = await serveHttp({ app, host, port, ...ambient, waitMs, graceMs: HTTP_GRACE_MS });
  lifecycle.own(server, (owned) => owned.close());
  addresses.http = server.url;
  return server.url;
}

/** Where a router that runs is reached. */
export interface RunningRouter {
  readonly httpUrl: string;
  readonly dataEndpoint: string;
  readonly enrollEndpoint: string;
}

/** Opens a router: store, memory, mesh, loops, and at last the door for callers. */
export async function openRouter(parts: Parts): Promise<RunningRouter> {
  const core = await openCore(parts);
  await openDoorForAgents(core);
  startLoops(core);
  const httpUrl = await openHttp(core);
  return { httpUrl, dataEndpoint: core.addresses.data, enrollEndpoint: core.addresses.enroll };
}
