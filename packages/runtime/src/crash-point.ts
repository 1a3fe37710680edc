import { writeSync } from 'node:fs';
import { SettingError } from './config.ts';

const VARIABLE = 'XEM_CRASH_POINT';
const FORM = /^(?<place>(?:before|after)-[a-z]+:[a-z][a-z0-9_.]*)(?:#(?<nth>[1-9]\d{0,5}))?$/;

/** What is sent counts as on its way after this time. */
export const CRASH_AFTER_SEND_MS = 10;

/** A place at which this process shall die, for tests of what a crash leaves. */
export interface CrashPoint {
  /** Told of each place that is passed; at the one that was named it ends the process with SIGKILL. */
  reach(place: string): void;
}

/**
 * The crash point that the environment names, such as `after-commit:invocation.dispatched#2`: the second time that an
 * entry of this type was committed. Null when it names none, which is what every real process has. @throws SettingError
 */
export function crashPointOf(env: Readonly<Record<string, string | undefined>>): CrashPoint | null {
  const named = env[VARIABLE];
  if (!named) return null;
  const { place: wanted, nth = '1' } = FORM.exec(named)?.groups ?? {};
  if (wanted === undefined) throw new SettingError(`${VARIABLE}: ${named} names no crash point`);
  let left = Number(nth);
  return {
    reach: (place) => {
      if (place !== wanted || (left -= 1) > 0) return;
      writeSync(2, `crash point ${named}\n`);
      process.kill(process.pid, 'SIGKILL');
    },
  };
}
