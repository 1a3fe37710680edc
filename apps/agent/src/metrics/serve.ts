import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_METRICS } from '@xem/protocol';
import type { Clock, Lifecycle, Log } from '@xem/runtime';
import { createCount, expose, openSeries, processRegistry, serveMetrics } from '@xem/runtime/metrics';
import { AGENT_VERSION } from '../boot/version.ts';
import type { AgentSettings } from '../settings.ts';
import type { Meters } from './meters.ts';

/** The spool is looked through at most this often. */
const SPOOL_EVERY_MS = 60_000;

/** Files come and go while they are counted. */
const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) if (entry.isFile()) sum += await sizeOf(join(entry.parentPath, entry.name));
  return sum;
}

/** Reads a number anew when the last reading is too old. */
function readSeldom(read: () => Promise<number>, clock: Clock): () => Promise<number> {
  let last: { readonly at: number; readonly value: Promise<number> } | null = null;
  return () => {
    const now = clock.monotonic();
    if (!last || now - last.at >= SPOOL_EVERY_MS) last = { at: now, value: read() };
    return last.value;
  };
}

interface ServeParts {
  readonly settings: AgentSettings;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly lifecycle: Lifecycle;
}

const one = (value: number) => [{ value }];

/** Serves what is told of this agent on a port of its own. */
export async function serveAgentMetrics({ settings, port, ...parts }: ServeParts): Promise<Meters> {
  const [ended, refused, sessions] = [createCount(), createCount(), createCount()];
  const spoolBytes = readSeldom(() => bytesIn(join(settings.state_dir, 'spool')), parts.clock);
  let isInSession = false;
  let attempts: Parameters<Meters['watch']>[0] = { inFlight: () => 0, all: () => [] };
  const { registry } = openSeries(AGENT_METRICS, {
    xem_agent_info: () => [{ labels: { version: AGENT_VERSION }, value: 1 }],
    xem_agent_session_open: () => one(isInSession ? 1 : 0),
    xem_agent_sessions_total: () => sessions.sum(),
    xem_agent_running: () => one(attempts.inFlight()),
    xem_agent_unacknowledged: () => one([...attempts.all()].length),
    xem_agent_slots_max: () => one(settings.max_concurrent_executions),
    xem_agent_orders_refused_total: () => refused.by('reason'),
    xem_agent_runs_ended_total: () => ended.by('status'),
    xem_agent_spool_bytes: async () => one(await spoolBytes()),
  });
  const process = processRegistry();
  const read = () => expose([registry, process()]);
  const server = await serveMetrics({ host: settings.metrics_host, port, log: parts.log, read });
  parts.lifecycle.own(server, (owned) => owned.close());
  parts.log.info('metrics.listening', { url: server.url });
  return {
    ended: (status) => ended.add(status),
    refused: (reason) => refused.add(reason),
    inSession: (isOpen) => {
      if (isOpen && !isInSession) sessions.add('');
      isInSession = isOpen;
    },
    watch: (watched) => void (attempts = watched),
  };
}
