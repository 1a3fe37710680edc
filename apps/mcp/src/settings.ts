import { parseArgs } from 'node:util';
import { MCP_SETTINGS } from '@xem/protocol';
import { flagsOf, readSettings, type SettingValues } from '@xem/runtime';

type Environment = Readonly<Record<string, string | undefined>>;

/** The server's settings, and whether it listens for HTTP. */
export interface McpSettings extends SettingValues<typeof MCP_SETTINGS> {
  /** Streamable HTTP; else standard input and output. */
  readonly http: boolean;
}

/** Clients' configurations name key and address as the product's other programs do; these come before `XEM_*`. */
const withProductNames = (env: Environment): Environment => ({
  ...env,
  XEM_API_KEY: env['XEROTIER_API_KEY'] || env['XEM_API_KEY'],
  XEM_BASE_URL: env['XEROTIER_BASE_URL'] || env['XEM_BASE_URL'],
});

/** Settings from flags, then environment, then defaults. @throws SettingError, TypeError for an unknown flag */
export function mcpSettings(argv: readonly string[], env: Environment): McpSettings {
  const { values } = parseArgs({
    args: [...argv],
    options: { ...flagsOf(MCP_SETTINGS), http: { type: 'boolean' } },
    strict: true,
  });
  const { http = false, ...flags } = values;
  return { ...readSettings(MCP_SETTINGS, { flags, env: withProductNames(env), file: {} }), http };
}
