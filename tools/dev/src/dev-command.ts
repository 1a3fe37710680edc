import { DEV_SETTINGS } from '@xem/protocol';
import { readSettings, SettingError, systemClock } from '@xem/runtime';
import { runDev, type Halt } from './dev.ts';
import { launchersAbove, watchLaunchers } from './launcher.ts';
import { placeOf } from './place.ts';
import { ageMs, readProcess } from './process-table.ts';
import type { Programs } from './programs.ts';

async function runWithSettings(programs: Programs): Promise<number> {
  const clock = systemClock();
  const settings = readSettings(DEV_SETTINGS, { flags: {}, env: process.env, file: {} });
  const halt = new AbortController();
  const stop = (why: string): void => halt.abort({ status: 0, why } satisfies Halt);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  const launchers = launchersAbove(process.ppid);
  watchLaunchers(clock, launchers, () => stop('what started it is gone'));
  const eldest = launchers.at(-1) ?? readProcess(process.pid);
  return await runDev({
    clock,
    place: placeOf(settings.dev_dir),
    programs,
    portBase: { base: settings.dev_port_base, explicit: !!process.env[DEV_SETTINGS.dev_port_base.env] },
    env: process.env,
    halt,
    say: (text) => process.stdout.write(`${text}\n`),
    waitedMs: () => (eldest ? ageMs(eldest) : 0),
  });
}

/** `pnpm dev`: runs a mesh of these programs until a signal, then ends the process. */
export async function devCommand(programs: Programs): Promise<never> {
  // A launcher that died takes the terminal with it: what is said then is lost, and the stop must go on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    process.exit(await runWithSettings(programs));
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
