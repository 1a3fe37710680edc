import { parseArgs } from 'node:util';
import { ROUTER_SETTINGS } from '@xem/protocol';
import { flagLines, flagsOf, readSettings, SettingError, type SettingValues } from '@xem/runtime';

export type RouterSettings = SettingValues<typeof ROUTER_SETTINGS>;

/** What `xem-router --help` prints. */
export const USAGE = `xem-router [flags]    run the router

Each setting may also stand in the environment (XEM_DATA_DIR for --data-dir). Flags win over the environment.

${flagLines(ROUTER_SETTINGS)}
`;

function flagsIn(argv: readonly string[]): Record<string, string | undefined> {
  try {
    return parseArgs({ args: [...argv], options: flagsOf(ROUTER_SETTINGS), strict: true }).values;
  } catch (cause) {
    throw new SettingError(
      `${cause instanceof Error ? cause.message : 'the flags cannot be read'}; see --help`,
      {
        cause,
      },
    );
  }
}

/** The router's settings: flags, then environment, then defaults. @throws SettingError */
export const routerSettings = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RouterSettings => readSettings(ROUTER_SETTINGS, { flags: flagsIn(argv), env, file: {} });
