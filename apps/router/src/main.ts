import {
  crashPointOf,
  createLifecycle,
  createLog,
  runProgram,
  stopOnSignals,
  systemClock,
  systemIds,
  wallOffsetOf,
} from '@xem/runtime';
import { openTracing } from '@xem/runtime/tracing';
import type { Ending } from './admin/administer.ts';
import { openRouter } from './compose.ts';
import { routerSettings, USAGE } from './settings.ts';
import { ROUTER_VERSION } from './version.ts';

/** Everything must be closed within this time of a stop signal. */
const STOP_GRACE_MS = 30_000;

async function runRouter(argv: readonly string[]): Promise<void> {
  const settings = routerSettings(argv, process.env);
  const clock = systemClock(wallOffsetOf(process.env));
  const log = createLog({ name: 'xem-router', level: settings.log_level });
  const ambient = { clock, ids: systemIds(clock), log };
  const lifecycle = createLifecycle(log);
  const stop = stopOnSignals({ log, lifecycle, graceMs: STOP_GRACE_MS });
  const fatal = (err: unknown): void => {
    log.error('router.broken', { err });
    stop(1, 'broken');
  };
  const tracing = await openTracing({
    service: 'xem-router',
    version: ROUTER_VERSION,
    log,
    env: process.env,
  });
  if (tracing) lifecycle.own(tracing, (owned) => owned.close());
  const crash = crashPointOf(process.env);
  const router = await openRouter({ ambient, settings, lifecycle, fatal, crash, tracing });
  log.info('router.ready', { ...router });
  process.send?.({
    type: 'ready',
    http_url: router.httpUrl,
    data_endpoint: router.dataEndpoint,
    enroll_endpoint: router.enrollEndpoint,
  });
}

function endWith({ status, stdout, stderr }: Ending): void {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}

/** What the router's host asks for beside the router itself; the code is loaded when it is asked for. */
async function runOther([name = '', ...args]: readonly string[]): Promise<void> {
  if (name === 'admin') {
    const { administer } = await import('./admin/administer.ts');
    return endWith(await administer(args, process.env));
  }
  const { runCommand } = await import('./command/run-command.ts');
  const ending = await runCommand([name, ...args], process.env);
  const stderr = `xem-router: there is no command ${name}; see --help\n`;
  endWith(ending ?? { status: 2, stdout: '', stderr });
}

async function printUsage(): Promise<void> {
  const { commandLines } = await import('./command/run-command.ts');
  process.stdout.write(`${USAGE}\nBeside the plain run:\n\n${commandLines()}\n`);
}

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) return printUsage();
  if (argv[0] !== undefined && !argv[0].startsWith('-')) return runOther(argv);
  return runRouter(argv);
}

await runProgram('xem-router', main);
