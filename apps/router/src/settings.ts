import { parseArgs } from 'node:util';
import { ROUTER_SETTINGS } from '@xem/protocol';
import { flagsOf, readSettings, type SettingValues } from '@xem/runtime';

export type RouterSettings = SettingValues<typeof ROUTER_SETTINGS>;

/** The router's settings: flags, then environment, then defaults. @throws SettingError, TypeError for an unknown flag */
export function routerSettings(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RouterSettings {
  const { values } = parseArgs({ args: [...argv], options: flagsOf(ROUTER_SETTINGS), strict: true });
  return readSettings(ROUTER_SETTINGS, { flags: values, env, file: {} });
}
