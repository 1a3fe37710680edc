import { upkeep, type Services } from '@xem/domain';
import { crashingNetwork } from '@xem/mesh';
import { rangesOf } from '@xem/protocol';
import type { CrashPoint, Lifecycle } from '@xem/runtime';
import { serveMetrics, watchLoopDelay } from '@xem/runtime/metrics';
import type { Tracing } from '@xem/runtime/tracing';
import { openSqliteStore, withCrashPoints } from '@xem/store';
import { openCore, startLoops, type Core } from './core.ts';
import { isLoopback } from './loopback.ts';
import { headsPath, openHeadFile } from './heads/head-file.ts';
import { loadChains } from './heads/load-chains.ts';
import { createHttpApp } from './http/app.ts';
import { addressReader } from './http/middleware/client-address.ts';
import { serveHttp } from './http/server.ts';
import { routerKeys, type RouterKeys } from './keys.ts';
import { startHeads } from './loops/heads.ts';
import { openMesh } from './mesh/open.ts';
import { createMeters, type Meters } from './metrics/meters.ts';
import type { Addresses, Ambient } from './services.ts';
import type { RouterSettings } from './settings.ts';
import { warnOfGaps } from './warn-of-gaps.ts';
import { assertNotHalfRestored } from './half-restore.ts';
import { crashingPost } from './webhook/crashing-post.ts';
import { createPost, type PostMessage } from './webhook/post.ts';
import { startCallSpans } from './tracing/call-spans.ts';

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
  /** Where spans go; null when nobody collects them. */
  readonly tracing?: Tracing | null;
}

interface Base {
  readonly parts: Parts;
  readonly core: Core;
  readonly keys: RouterKeys;
  readonly addresses: Addresses;
  readonly meters: Meters;
}

/** Signs heads for as long as anything is written: it is the last to stop before the store. */
async function openHeads({ settings, lifecycle }: Parts, { services }: Core): Promise<void> {
  const { head_interval_seconds: seconds, head_entries: entries } = settings;
  const file = await openHeadFile(headsPath(settings));
  lifecycle.own(file, (owned) => owned.close());
  const heads = await startHeads({ services, file, intervalMs: seconds * 1000, entries });
  lifecycle.own(heads, (loop) => loop.stop());
}

async function openBase(parts: Parts): Promise<Base> {
  const { ambient, settings, lifecycle, fatal, crash, tracing = null } = parts;
  const isTraced = tracing !== null;
  assertNotHalfRestored(settings.data_dir);
  const opened = await openSqliteStore({ dataDir: settings.data_dir, ...ambient, onFatal: fatal });
  lifecycle.own(opened, (owned) => owned.close());
  const store = crash ? withCrashPoints(opened, crash) : opened;
  const addresses = { http: '', enroll: '', data: '' };
  const keys = routerKeys(settings.data_dir, ambient.ids);
  const signingKey = keys.signer.publicKey;
  const chains = await loadChains({ path: headsPath(settings), store, signingKey, log: ambient.log });
  const core = await openCore({ ambient, store, keys, settings, addresses, lifecycle, chains, isTraced });
  await openHeads(parts, core);
  await warnOfGaps(core.services);
  const meters = lifecycle.own(createMeters(core.services), (owned) => owned.close());
  lifecycle.own(
    watchLoopDelay(ambient.clock, (ms) => meters.heldUp(ms)),
    (watch) => watch.close(),
  );
  if (tracing) lifecycle.own(startCallSpans({ ...core, tracing }), (stop) => stop());
  return { parts, core, keys, addresses, meters };
}

/** A router that listens for hosts elsewhere, and tells them to dial themselves, is not what anybody wants. */
function warnOfLoopback({ ambient, settings }: Parts): void {
  if (isLoopback(settings.mesh_host) || !isLoopback(settings.mesh_public_host)) return;
  ambient.log.warn('mesh.public_host_is_loopback', {
    fix: 'agents on other hosts need XEM_MESH_PUBLIC_HOST; join keys minted now lead to this machine only',
  });
}

const portOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf(':') + 1);

async function openDoorForAgents({ parts, core, keys, addresses, meters }: Base): Promise<void> {
  const { mesh_host, mesh_public_host, data_port, enroll_port } = parts.settings;
  const mesh = await openMesh({
    ...parts,
    ...core,
    keys,
    framed: (kind) => meters.framed(kind),
    dataEndpoint: `tcp://${mesh_host}:${data_port}`,
    enrollEndpoint: `tcp://${mesh_host}:${enroll_port}`,
    ...(parts.crash && { network: crashingNetwork(parts.crash, parts.ambient.clock) }),
  });
  warnOfLoopback(parts);
  addresses.data = `tcp://${mesh_public_host}:${portOf(mesh.dataEndpoint)}`;
  addresses.enroll = `tcp://${mesh_public_host}:${portOf(mesh.enrollEndpoint)}`;
}

/** Whether a transaction commits now. */
const canWrite = ({ store }: Services): Promise<boolean> =>
  upkeep({ store }, async () => true).catch(() => false);

async function openHttp({ parts, core: { services }, addresses, meters }: Base): Promise<string> {
  const { ambient, settings, lifecycle, tracing = null } = parts;
  const readiness = async (): Promise<Record<string, boolean>> => ({ store: await canWrite(services) });
  const app = createHttpApp(services, {
    bodyBytesMax: settings.body_bytes_max,
    unauthenticatedPerMinute: settings.unauthenticated_per_minute,
    addressOf: addressReader({
      ranges: rangesOf(settings.trusted_proxies),
      header: settings.forwarded_header,
    }),
    readiness,
    meters,
    post: createPost(services),
    tracing,
  });
  const { http_host: host, http_port: port, shutdown_grace_seconds: waitSeconds } = settings;
  const waitMs = waitSeconds * 1000;
  const server = await serveHttp({ app, host, port, ...ambient, waitMs, graceMs: HTTP_GRACE_MS });
  lifecycle.own(server, (owned) => owned.close());
  meters.watchOpen(() => server.open());
  addresses.http = server.url;
  return server.url;
}

/** The operator's door to the metrics, where the settings have one. */
async function openMetrics({ parts, meters }: Base): Promise<void> {
  const { ambient, settings, lifecycle } = parts;
  const { metrics_host: host, metrics_port: port } = settings;
  if (port === undefined) return;
  const server = await serveMetrics({ host, port, log: ambient.log, read: () => meters.ofAll() });
  lifecycle.own(server, (owned) => owned.close());
  ambient.log.info('metrics.listening', { url: server.url });
}

/** The way to webhooks, with what comes of it counted. */
function countedPost({ parts, core: { services }, meters }: Base): PostMessage {
  const sent = createPost(services);
  const post = parts.crash ? crashingPost(parts.crash, sent) : sent;
  return async (message, signal) => {
    const outcome = await post(message, signal);
    meters.posted(outcome.error === null ? 'taken' : 'failed');
    return outcome;
  };
}

/** Where a router that runs is reached. */
export interface RunningRouter {
  readonly httpUrl: string;
  readonly dataEndpoint: string;
  readonly enrollEndpoint: string;
}

/** Opens a router: store, memory, mesh, loops, and at last the door for callers. */
export async function openRouter(parts: Parts): Promise<RunningRouter> {
  const base = await openBase(parts);
  await openDoorForAgents(base);
  startLoops(base.core.services, parts.lifecycle, countedPost(base));
  await openMetrics(base);
  const httpUrl = await openHttp(base);
  const { data: dataEndpoint, enroll: enrollEndpoint } = base.addresses;
  return { httpUrl, dataEndpoint, enrollEndpoint };
}
