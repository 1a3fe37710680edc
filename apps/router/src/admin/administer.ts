import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  createHuman,
  mintKeyFor,
  seedDevelopment,
  type DevelopmentKeys,
  type WriteServices,
} from '@xem/domain';
import { ROUTER_SETTINGS } from '@xem/protocol';
import { createLog, readSettings, systemClock, systemIds, type EXIT_CONFIG } from '@xem/runtime';
import { openSqliteStore } from '@xem/store';
import { z } from 'zod';
import { assertNotHalfRestored } from '../half-restore.ts';

const USAGE = `admin COMMAND [flags]    work on a data folder, on the router's host, with no router running

usage: admin seed-dev [--data-dir DIR] [--keys-file FILE]
       admin create-human --name NAME [--project SLUG] [--project-name NAME] [--data-dir DIR]
       admin mint-key --name NAME [--project SLUG] [--data-dir DIR]

seed-dev        what a local mesh begins with: two projects and their keys
create-human    a person who may do everything, and their project when it is new
mint-key        a further key for a person who has lost theirs
`;

const OPTIONS = {
  'data-dir': { type: 'string' },
  'keys-file': { type: 'string' },
  name: { type: 'string' },
  project: { type: 'string', default: 'main' },
  'project-name': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Called in a way that no command understands; nothing was done. */
class UsageError extends Error {}

const readArgs = (args: string[]) =>
  parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });

type Flags = ReturnType<typeof readArgs>['values'];

/** Keys as `pnpm dev` keeps them: beside other things, or alone. */
const KeysFile = z.union([
  z.looseObject({ keys: z.record(z.string(), z.string()) }).transform(({ keys }) => keys),
  z.record(z.string(), z.string()),
]);

function knownKeys(path: string | undefined): Partial<DevelopmentKeys> {
  return path === undefined ? {} : KeysFile.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** What an administrator does on the router's host; each answers one JSON object. */
const COMMANDS: Readonly<Record<string, (services: WriteServices, flags: Flags) => Promise<unknown>>> = {
  'seed-dev': (services, flags) => seedDevelopment(services, knownKeys(flags['keys-file'])),
  'create-human': (services, { name, project: slug, 'project-name': projectName }) => {
    if (name === undefined) throw new UsageError('create-human needs --name');
    return createHuman(services, { project: { slug, name: projectName ?? slug }, name });
  },
  'mint-key': (services, { name, project: slug }) => {
    if (name === undefined) throw new UsageError('mint-key needs --name');
    return mintKeyFor(services, { slug, name });
  },
};

interface Wanted {
  readonly flags: Flags;
  readonly positionals: readonly string[];
}

async function run({ flags, positionals }: Wanted, env: Environment): Promise<unknown> {
  const command = COMMANDS[positionals.join(' ')];
  if (!command) throw new UsageError(`no such command: ${positionals.join(' ') || '(none)'}`);
  const table = { data_dir: ROUTER_SETTINGS.data_dir };
  const settings = readSettings(table, { flags: { 'data-dir': flags['data-dir'] }, env, file: {} });
  const clock = systemClock();
  const log = createLog({ name: 'admin', level: 'warn' });
  assertNotHalfRestored(settings.data_dir);
  const store = await openSqliteStore({ dataDir: settings.data_dir, clock, log });
  try {
    return await command({ store, clock, ids: systemIds(clock) }, flags);
  } finally {
    await store.close();
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How a program ends, and what it says. */
export interface Ending {
  readonly status: 0 | 1 | 2 | typeof EXIT_CONFIG;
  readonly stdout: string;
  readonly stderr: string;
}

const isUsage = (err: unknown): boolean =>
  err instanceof UsageError || (err instanceof TypeError && 'code' in err);

/** Does what an administrator asks for on the router's host, with no router running. Status 2 is a wrong call. */
export async function administer(args: string[], env: Environment): Promise<Ending> {
  try {
    const { values: flags, positionals } = readArgs(args);
    if (flags.help) return { status: 0, stdout: USAGE, stderr: '' };
    return { status: 0, stdout: `${JSON.stringify(await run({ flags, positionals }, env))}\n`, stderr: '' };
  } catch (err) {
    const message = `admin: ${err instanceof Error ? err.message : String(err)}\n`;
    if (isUsage(err)) return { status: 2, stdout: '', stderr: `${message}${USAGE}` };
    return { status: 1, stdout: '', stderr: message };
  }
}
