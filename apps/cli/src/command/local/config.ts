import {
  configPath,
  KEY_SOURCES,
  readConfig,
  type Config,
  type Deployment,
} from '../../config/config-file.ts';
import { writeConfig } from '../../config/write-config.ts';
import { EXIT, UsageError } from '../../exit.ts';
import type { Column } from '../../render/table.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument, optionalArgument, text, type ValuesOf } from '../flag.ts';

const EMPTY: Config = { deployment: {} };

const NAME = { pattern: /^[A-Za-z0-9_-]{1,64}$/, says: 'must be 1 to 64 of A-Z a-z 0-9 _ -' };

const KEY_FLAGS = {
  apiKeyEnv: text('NAME', 'The environment variable that holds the key'),
  apiKeyCommand: text('COMMAND', 'A shell command that prints the key'),
};

/** What the global flags and those of the command say of a deployment; it takes exactly one source of the key. */
function deploymentOf({ flags }: Session, own: ValuesOf<typeof KEY_FLAGS>): Deployment {
  if (!flags.baseUrl || !URL.canParse(flags.baseUrl))
    throw new UsageError('give the address of the router by --base-url');
  const sources = { api_key: flags.apiKey, api_key_env: own.apiKeyEnv, api_key_command: own.apiKeyCommand };
  const given = KEY_SOURCES.filter((source) => sources[source] !== undefined);
  const [source] = given;
  const value = source && sources[source];
  if (given.length !== 1 || source === undefined || value === undefined)
    throw new UsageError('give the key by one of --api-key, --api-key-env, --api-key-command');
  return { base_url: flags.baseUrl, [source]: value };
}

async function save(session: Session, config: Config, told: string): Promise<void> {
  const path = configPath(session.io.env);
  if (!session.flags.dryRun) await writeConfig(path, config);
  await session.print.note(`${told} in ${path}`);
}

export const init = command({
  about: 'Makes the file with one context, called default unless named, and makes it the current one.',
  flags: KEY_FLAGS,
  args: { name: optionalArgument('NAME', 'What to call the context') },
  run: async (session, { flags, args }) => {
    const path = configPath(session.io.env);
    if ((await readConfig(path)) !== null)
      throw new UsageError(`${path} is there already; add a context with: xeroctl config add NAME`);
    const name = args.name ?? 'default';
    const deployment = { [name]: deploymentOf(session, flags) };
    await save(session, { current: name, deployment }, `context ${name} made`);
  },
});

export const add = command({
  flags: KEY_FLAGS,
  args: { name: argument('NAME', 'What to call the context', NAME) },
  run: async (session, { flags, args: { name } }) => {
    const config = (await readConfig(configPath(session.io.env))) ?? EMPTY;
    const deployment = { ...config.deployment, [name]: deploymentOf(session, flags) };
    await save(session, { current: config.current ?? name, deployment }, `context ${name} written`);
  },
});

export const use = command({
  args: { name: argument('NAME', 'The context', NAME) },
  run: async (session, { args: { name } }) => {
    const config = (await readConfig(configPath(session.io.env))) ?? EMPTY;
    if (!config.deployment[name]) throw new UsageError(`there is no context ${name}`);
    await save(session, { ...config, current: name }, `context ${name} is the current one`);
  },
});

interface Row {
  readonly name: string;
  readonly current: boolean;
  readonly base_url: string;
  /** Where the key comes from, never the key. */
  readonly key: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'Name', of: ({ name }) => name },
  { title: 'Current', of: ({ current }) => (current ? '*' : '') },
  { title: 'Base URL', of: (row) => row.base_url },
  { title: 'Key', of: ({ key }) => key },
];

const keyOf = (deployment: Deployment): string => {
  if (deployment.api_key_env !== undefined) return `from the variable ${deployment.api_key_env}`;
  return deployment.api_key_command === undefined ? 'in the file' : `from: ${deployment.api_key_command}`;
};

export const show = command({
  run: async (session) => {
    const config = (await readConfig(configPath(session.io.env))) ?? EMPTY;
    const rows = Object.entries(config.deployment).map(([name, deployment]) => ({
      name,
      current: name === config.current,
      base_url: deployment.base_url,
      key: keyOf(deployment),
    }));
    if (session.print.forPrograms)
      await session.print.object({ path: configPath(session.io.env), contexts: rows });
    else await session.print.rows(rows, COLUMNS);
    return EXIT.ok;
  },
});
