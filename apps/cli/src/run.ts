import { run as runApplication } from '@stricli/core';
import { buildXeroctl, type CliContext } from './application.ts';
import type { AnyCommand } from './command/command.ts';
import type { GlobalFlags } from './command/globals.ts';
import { ENTRIES } from './command/table.ts';
import { EXIT } from './exit.ts';
import type { Io, Sink } from './io.ts';
import { report } from './report.ts';
import { resolve } from './resolve.ts';
import { createSession } from './session.ts';

interface Invocation {
  readonly command: AnyCommand;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
}

async function perform(io: Io, { command, flags, args }: Invocation): Promise<number> {
  const names = Object.keys(command.args ?? {});
  const named = Object.fromEntries(names.map((name, at) => [name, args[at]]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every command takes the global flags
  const session = createSession(io, flags as unknown as GlobalFlags);
  try {
    return (await command.run(session, { flags, args: named })) ?? EXIT.ok;
  } catch (error) {
    return report(io, error, { debug: session.flags.debug ?? false, asked: { command, flags } });
  }
}

/** The parser writes without waiting; nothing it says is longer than a page. */
const unawaited = (sink: Sink) => ({
  write: (text: string): void => void sink.write(text).catch(() => undefined),
});

/**
 * Runs one command line, without the program's name, and returns what the program ends with. Throws nothing: what
 * goes wrong is told on standard error.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === 'complete') {
    const { complete } = await import('./complete/complete.ts');
    return complete(argv.slice(argv[1] === '--' ? 2 : 1), io);
  }
  const { words, rest, verb } = resolve(ENTRIES, argv);
  const process: CliContext['process'] = { stdout: unawaited(io.stdout), stderr: unawaited(io.stderr) };
  const context: CliContext = {
    process,
    perform: (command, flags, args) => perform(io, { command, flags, args }),
  };
  try {
    const row = verb && (await verb.load());
    await runApplication(buildXeroctl(ENTRIES, { words, row }), [...words, ...rest], context);
  } catch (error) {
    return report(io, error, { debug: argv.includes('--debug'), asked: null });
  }
  const exit = Number(process.exitCode ?? EXIT.ok);
  return exit < 0 ? EXIT.usage : exit;
}
