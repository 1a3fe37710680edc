import { createLifecycle, createLog, runProgram, stopOnSignals, systemClock, systemIds } from '@xem/runtime';
import type { Parts } from './caller.ts';
import { createShelf } from './catalog/shelf.ts';
import { createFarewells } from './invocation/farewells.ts';
import { startHttp } from './http/start.ts';
import { mcpSettings } from './settings.ts';
import { startStdio } from './stdio.ts';

/** Everything must be closed within this time of a stop signal. */
const STOP_GRACE_MS = 5000;

async function main(): Promise<void> {
  const settings = mcpSettings(process.argv.slice(2), process.env);
  const clock = systemClock();
  const log = createLog({ name: 'xem-mcp', level: settings.log_level });
  const lifecycle = createLifecycle(log);
  const farewells = lifecycle.own(createFarewells(), (owned) => owned.said());
  const parts: Parts = { clock, ids: systemIds(clock), log, settings, shelf: createShelf(), farewells };
  stopOnSignals({ log, lifecycle, graceMs: STOP_GRACE_MS });
  const { http, mcp_host: host, mcp_port: port, mcp_allowed_hosts: allowedHosts } = settings;
  if (!http) return startStdio({ parts, apiKey: settings.api_key, lifecycle });
  const url = await startHttp({ parts, lifecycle, host, port, allowedHosts });
  log.info('mcp.ready', { url });
  process.send?.({ type: 'ready', url });
}

await runProgram('xem-mcp', main);
