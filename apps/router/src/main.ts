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
import { openRouter } from './compose.ts';
import { routerSettings, USAGE } from './settings.ts';

/** Everything must be closed within this time of a stop signal. */
const STOP_GRACE_MS = 30_000;

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(USAGE);
    return;
  }
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
  const router = await openRouter({ ambient, settings, lifecycle, fatal, crash: crashPointOf(process.env) });
  log.info('router.ready', { ...router });
  process.send?.({
    type: 'ready',
    http_url: router.httpUrl,
    data_endpoint: router.dataEndpoint,
    enroll_endpoint: router.enrollEndpoint,
  });
}

await runProgram('xem-router', main);
