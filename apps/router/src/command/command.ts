import type { Ending } from '../admin/administer.ts';
import type { Ambient } from '../services.ts';
import type { CrashPoint } from '@xem/runtime';
import type { RouterSettings } from '../settings.ts';

/** What a command of the router's program works with. */
export interface CommandContext {
  readonly settings: RouterSettings;
  readonly ambient: Ambient;
  /** Where the command shall die, for tests of what a crash leaves. */
  readonly crash: CrashPoint | null;
  /** What stands on the line beside the flags. */
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

/** Called in a way that the command does not understand; nothing was done. */
export class CommandUsageError extends Error {
  override readonly name = 'CommandUsageError';
}

/** One command of `xem-router`. */
export interface Command {
  /** How it is called, after the program's name. */
  readonly usage: string;
  readonly says: string;
  /** Its flags beside the settings; all are on or off, but those that take a value. */
  readonly flags: Readonly<Record<string, 'boolean' | 'string'>>;
  run(ctx: CommandContext): Promise<Ending>;
}

/** An end with something said. */
export const done = (stdout: string, status: Ending['status'] = 0): Ending => ({
  status,
  stdout,
  stderr: '',
});

/** The only word of a line. @throws CommandUsageError */
export function onlyWord({ words }: CommandContext, what: string): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new CommandUsageError(`name one ${what}`);
  return word;
}
