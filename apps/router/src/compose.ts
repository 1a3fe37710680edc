import { upkeep, type Services } from '@xem/domain';
import { openRouterMesh } from '@xem/mesh';
import type { ExecutionId } from '@xem/protocol';
import type { Lifecycle } from '@xem/runtime';
import { openSqliteStore } from '@xem/store';
import { createHttpApp } from './http/app.ts';
import { serveHttp } from './http/server.ts';
import { routerKeys, type RouterKeys } from './keys.ts';
import { startDeadlines } from './loops/deadlines.ts';
import { startDispatch } from './loops/dispatch.ts';
import { startLeases } from './loops/leases.ts';
import { startUpkeep } from './loops/upkeep.ts';
import { openAllowList } from './mesh/allow-list.ts';
import { createConnections, type LiveConnections } from './mesh/connections.ts';
import { meshHandlers } from './mesh/handlers.ts';
import type { MeshContext } from './mesh/mesh-context.ts';
import { startNotices } from './mesh/notices.ts';
import { createOutputWindow } from './mesh/output-window.ts';
import { createSequence } from './mesh/sequence.ts';
import { recover } from './recover.ts';
import { createServices, type Addresses, type Ambient } from './services.ts';
import type { RouterSettings } from './settings.ts';

/** Requests under way have this long to end when the router stops. */
const HTTP_GRACE_MS = 5000;

/** What a router is made of. */
export interface Parts {
  readonly ambient: Ambient;
  readonly settings: RouterSettings;
  readonly lifecycle: Lifecycle;
  /** Ends the process: a part broke that the router cannot be without. */
  readonly fatal: (err: unknown) => void;
}

interface Core {
  readonly parts: Parts;
  readonly services: Services;
  readonly keys: RouterKeys;
  readonly addresses: Addresses;
  readonly connections: LiveConnections;
}

async function openCore(parts: Parts): Promise<Core> {
  const { ambient, settings, lifecycle, fatal } = parts;
  const addresses = { http: '', enroll: '', data: '' };
  const opened = await openSqliteStore({ dataDir: settings.data_dir, ...ambient, onFatal: fatal });
  const store = lifecycle.own(opened, (owned) => owned.close());
  const keys = routerKeys(settings.data_dir, ambient.ids);
  const connections = createConnections();
  const services = createServices({ ambient, store, keys, settings, addresses, connections });
  lifecycle.own(services.settlements, (settlements) => settlements.close());
  await recover(services);
  return { parts, services, keys, addresses, connections };
}

const portOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf(':') + 1);

/** Binds the sockets agents connect to and starts what sends orders to them. */
async function openMesh({ parts, services, keys, addresses, connections }: Core): Promise<void> {
  const { ambient, settings, lifecycle, fatal } = parts;
  const allowList = lifecycle.own(await openAllowList(services.store), (list) => list.close());
  const attempts = createSequence<ExecutionId>((err) => ambient.log.error('frame.failed', { err }));
  let context: MeshContext | null = null;
  const opened = (): MeshContext => {
    if (!context) throw new Error('a frame came in before the mesh was open');
    return context;
  };
  const mesh = await openRouterMesh({
    ...ambient,
    ...keys,
    dataEndpoint: `tcp://${settings.mesh_host}:${settings.data_port}`,
    enrollEndpoint: `tcp://${settings.mesh_host}:${settings.enroll_port}`,
    admits: allowList.admits,
    handlers: meshHandlers({
      services,
      allowList,
      connections,
      context: opened,
      fatal,
    }),
  });
  lifecycle.own(mesh, (owned) => owned.stop());
  connections.follow(mesh);
  addresses.data = `tcp://${settings.mesh_public_host}:${portOf(mesh.dataEndpoint)}`;
  addresses.enroll = `tcp://${settings.mesh_public_host}:${portOf(mesh.enrollEndpoint)}`;
  const dispatcher = lifecycle.own(startDispatch(services, mesh), (loop) => loop.stop());
  context = { services, mesh, attempts, outputWindow: createOutputWindow(), renewed: dispatcher.offer };
  lifecycle.own(attempts, (owned) => owned.drained());
  lifecycle.own(startNotices(services, mesh), (stop) => stop());
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
  const { http_host: host, http_port: port } = settings;
  const server = await serveHttp({ app, host, port, ...ambient, graceMs: HTTP_GRACE_MS });
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
  await openMesh(core);
  startLoops(core);
  const httpUrl = await openHttp(core);
  return { httpUrl, dataEndpoint: core.addresses.data, enrollEndpoint: core.addresses.enroll };
}
