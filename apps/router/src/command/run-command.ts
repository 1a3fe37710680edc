import { parseArgs } from 'node:util';
import { ROUTER_SETTINGS } from '@xem/protocol';
import {
  crashPointOf,
  createLog,
  EXIT_CONFIG,
  flagsOf,
  readSettings,
  systemClock,
  systemIds,
  wallOffsetOf,
} from '@xem/runtime';
import { NewerSchemaError } from '@xem/store';
import type { Ending } from '../admin/administer.ts';
import { backup } from './backup.ts';
import { CommandUsageError, type Command } from './command.ts';
import { doctor } from './doctor.ts';
import { migrate } from './migrate.ts';
import { restore } from './restore.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const COMMANDS: ReadonlyMap<string, Command> = new Map(Object.entries({ doctor, backup, restore, migrate }));

/** What `--help` says of the commands, a line each. */
export const commandLines = (): string =>
  [...COMMANDS.values()].map(({ usage, says }) => `  xem-router ${usage}\n      ${says}`).join('\n');

const isUsage = (err: unknown): boolean =>
  err instanceof CommandUsageError || (err instanceof TypeError && 'code' in err);

function readLine(command: Command, args: readonly string[], env: Environment) {
  const own = Object.entries(command.flags).map(([name, type]) => [name, { type }] as const);
  const options = { ...flagsOf(ROUTER_SETTINGS), ...Object.fromEntries(own) };
  const { values: flags, positionals: words } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: true,
  });
  const given = Object.entries(flags).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const settings = readSettings(ROUTER_SETTINGS, { flags: Object.fromEntries(given), env, file: {} });
  return { flags, words, settings };
}

async function run(command: Command, args: readonly string[], env: Environment): Promise<Ending> {
  const line = readLine(command, args, env);
  const clock = systemClock(wallOffsetOf(env));
  const log = createLog({ name: 'xem-router', level: 'warn' });
  const crash = crashPointOf(env);
  return command.run({ ...line, crash, ambient: { clock, ids: systemIds(clock), log } });
}

const reasonOf = (err: unknown): string => {
  if (!(err instanceof Error)) return String(err);
  return err.cause instanceof Error ? `${err.message} (${err.cause.message})` : err.message;
};

/** Runs one of the router's commands; null when there is none of this name. Status 2 is a wrong call. */
export async function runCommand(
  [name = '', ...args]: readonly string[],
  env: Environment,
): Promise<Ending | null> {
  const command = COMMANDS.get(name);
  if (!command) return null;
  try {
    return await run(command, args, env);
  } catch (err) {
    const stderr = `xem-router ${name}: ${reasonOf(err)}\n`;
    if (isUsage(err))
      return { status: 2, stdout: '', stderr: `${stderr}usage: xem-router ${command.usage}\n` };
    return { status: err instanceof NewerSchemaError ? EXIT_CONFIG : 1, stdout: '', stderr };
  }
}
