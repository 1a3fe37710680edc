import { parseArgs } from 'node:util';
import { AGENT_SETTINGS } from '@xem/protocol';
import { flagsOf, readSettings, SettingError, type SettingValues } from '@xem/runtime';
import { BootError } from './boot/boot-error.ts';
import { readConfigFile } from './boot/config-file.ts';

/** The agent's settings, every one with its value. */
export type AgentSettings = SettingValues<typeof AGENT_SETTINGS>;

/** What a command line asks for. */
export interface CommandLine {
  /** The command and its operands; empty to run the agent. */
  readonly words: readonly string[];
  readonly isHelpAsked: boolean;
  readonly isVersionAsked: boolean;
  readonly settings: AgentSettings;
  /** The arguments of `run-tool`, as JSON. */
  readonly args: string | undefined;
  /** The workspace whose credentials `run-tool` uses. */
  readonly workspace: string | undefined;
}

interface Given {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

const CONFIG_PATH = '/etc/xem/xem.yaml';

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...flagsOf(AGENT_SETTINGS),
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        args: { type: 'string' },
        workspace: { type: 'string' },
      },
    });
  } catch (err) {
    throw new BootError('usage', err instanceof Error ? err.message : 'the command line cannot be read');
  }
}

function settle(sources: Parameters<typeof readSettings>[1]): AgentSettings {
  try {
    return readSettings(AGENT_SETTINGS, sources);
  } catch (err) {
    if (err instanceof SettingError) throw new BootError('setting', err.message);
    throw err;
  }
}

/**
 * Reads the command line and the settings: flags, then `XEM_*`, then the flat YAML file, then defaults.
 * @throws BootError `usage`, `setting`, `invalidConfigFile`
 */
export async function readCommandLine({ argv, env }: Given): Promise<CommandLine> {
  const { values, positionals } = parseFlags(argv);
  const { help, version, args, workspace, config, ...rest } = values;
  const flags: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(rest)) if (typeof value === 'string') flags[name] = value;
  const asked = config ?? env['XEM_CONFIG'];
  const known = new Set(Object.keys(AGENT_SETTINGS));
  const file = await readConfigFile({ path: asked ?? CONFIG_PATH, isAskedFor: asked !== undefined, known });
  return {
    words: positionals,
    isHelpAsked: help === true,
    isVersionAsked: version === true,
    settings: settle({ flags, env, file }),
    args,
    workspace,
  };
}
