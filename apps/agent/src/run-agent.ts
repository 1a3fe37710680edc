import { crashingNetwork } from '@xem/mesh';
import {
  crashPointOf,
  createLifecycle,
  createLog,
  EXIT_CONFIG,
  stopOnSignals,
  systemClock,
  systemIds,
  wallOffsetOf,
  type Clock,
} from '@xem/runtime';
import { openTracing } from '@xem/runtime/tracing';
import { BootError } from './boot/boot-error.ts';
import { prepareFolders } from './boot/folders.ts';
import { AGENT_VERSION } from './boot/version.ts';
import { startAgent, type AgentContext } from './compose.ts';
import { withSpawnPoints } from './crash-points.ts';
import type { ToolHost } from './dispatch/tool-host.ts';
import type { Meters } from './metrics/meters.ts';
import type { AgentSettings } from './settings.ts';
import { openTools, type Tools } from './tools.ts';
import { createRunSpans, type RunSpans } from './tracing/run-spans.ts';

/** What stopping may take beyond the grace: ending runs, sending their results, saying goodbye. */
const STOP_MS = 12_000;

/** How long the first manifest waits for the tools of MCP servers; what comes later is published then. */
const SERVERS_MS = 5000;

/** A supervisor that is gone is noticed by its `disconnect`. */
const supervisorGone = (): void => undefined;

/** The tools, and where the agent shall die with them when a test says so. */
function breakable(host: ToolHost, clock: Clock): Pick<AgentContext, 'tools' | 'crash' | 'network'> {
  const crash = crashPointOf(process.env);
  if (crash === null) return { tools: host };
  return { tools: withSpawnPoints(host, crash), crash, network: crashingNetwork(crash, clock) };
}

/** The code of metrics is loaded by those who want them. */
async function openMeters(
  settings: AgentSettings,
  parts: Pick<AgentContext, 'clock' | 'log' | 'lifecycle'>,
): Promise<Meters | null> {
  const { metrics_port: port } = settings;
  if (port === undefined) return null;
  const { serveAgentMetrics } = await import('./metrics/serve.ts');
  try {
    return await serveAgentMetrics({ settings, port, ...parts });
  } catch (err) {
    const why = err instanceof Error ? err.message : String(err);
    throw new BootError('setting', `metrics_port: ${why}`, { cause: err });
  }
}

async function openRunSpans(
  parts: Pick<AgentContext, 'clock' | 'ids' | 'log' | 'lifecycle'>,
): Promise<RunSpans | null> {
  const { log, lifecycle } = parts;
  const tracing = await openTracing({ service: 'xem-agent', version: AGENT_VERSION, log, env: process.env });
  if (!tracing) return null;
  lifecycle.own(tracing, (owned) => owned.close());
  return createRunSpans({ ...parts, tracing });
}

/** Runs the agent until it is told to stop. @throws BootError when it cannot start */
export async function runAgent(settings: AgentSettings): Promise<void> {
  const clock = systemClock(wallOffsetOf(process.env));
  const ids = systemIds(clock);
  const log = createLog({ name: 'agent', level: settings.log_level });
  const lifecycle = createLifecycle(log);
  const graceMs = settings.shutdown_grace_seconds * 1000 + STOP_MS;
  let tools: Tools | null = null;
  prepareFolders(settings);
  const onHangup = (): void => tools?.reload();
  const stop = stopOnSignals({ log, lifecycle, graceMs, onHangup });
  tools = openTools({ settings, clock, log, env: process.env });
  await tools.settle(SERVERS_MS);
  if (tools.host.tools.size === 0) log.warn('tools.none', { toolsDir: settings.tools_dir });
  const meters = await openMeters(settings, { clock, log, lifecycle });
  await startAgent({
    settings,
    meters,
    runSpans: await openRunSpans({ clock, ids, log, lifecycle }),
    version: AGENT_VERSION,
    ...breakable(tools.host, clock),
    clock,
    ids,
    log,
    lifecycle,
    onReady: (agentId) => {
      log.info('agent.ready', { agentId });
      process.send?.({ type: 'ready', agent_id: agentId }, undefined, undefined, supervisorGone);
    },
    onFatal: (error: BootError) => {
      process.stderr.write(`xem-agent: ${error.message}\n`);
      stop(EXIT_CONFIG, error.code);
    },
  });
}
