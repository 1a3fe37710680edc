import type { TimeSource } from './clock.ts';
import { SettingError } from './config.ts';

const VARIABLE = 'XEM_WALL_OFFSET_MS';

/**
 * The machine's time, its wall clock wrong by what the environment says, for tests of clocks that jump; undefined when
 * it says nothing, which is what every real process has. @throws SettingError
 */
export function wallOffsetOf(env: Readonly<Record<string, string | undefined>>): TimeSource | undefined {
  const named = env[VARIABLE];
  if (!named) return undefined;
  if (!/^-?\d{1,12}$/.test(named))
    throw new SettingError(`${VARIABLE}: ${named} is no number of milliseconds`);
  const offset = Number(named);
  return { wall: () => Date.now() + offset, monotonic: () => performance.now() };
}
