import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  help,
  text_en,
  type Application,
  type CommandContext,
} from '@stricli/core';
import type { AnyCommand } from './command/command.ts';
import type { Noun, Verb } from './command/entry.ts';
import type { Parameter } from './command/flag.ts';
import { GLOBALS } from './command/globals.ts';
import { kindOf, type Kind } from './complete/kind.ts';

/** Runs a command once its line is read; returns what the program ends with. */
export interface CliContext extends CommandContext {
  readonly process: CommandContext['process'] & { exitCode?: number | string | null };
  readonly perform: (
    command: AnyCommand,
    flags: Readonly<Record<string, unknown>>,
    args: readonly string[],
  ) => Promise<number>;
  /** The values of a kind there are, for a shell that completes. */
  readonly values?: (kind: Kind) => Promise<readonly string[]>;
}

type Target = ReturnType<typeof buildRouteMap<string, CliContext>> | ReturnType<typeof targetOf>;

const LETTERS = { o: 'output' };

/** Lets a shell complete the values of a parameter whose kind is known. */
function proposing(name: string, parameter: Parameter<unknown>['parameter']): object {
  const kind = kindOf(name, parameter['placeholder']);
  if (kind === null) return parameter;
  async function proposeCompletions(this: CliContext, partial: string): Promise<readonly string[]> {
    const values = (await this.values?.(kind ?? 'tool')) ?? [];
    return values.filter((value) => value.startsWith(partial));
  }
  return { ...parameter, proposeCompletions };
}

const parametersOf = (rows: AnyCommand['flags']): Record<string, object> =>
  Object.fromEntries(
    Object.entries(rows ?? {}).map(([name, { parameter }]) => [name, proposing(name, parameter)]),
  );

function targetOf({ brief }: Pick<Verb, 'brief'>, row: AnyCommand | null) {
  const parameters = {
    // The command's own come first in its help; a paging flag of its own hides the hidden one.
    flags: { ...parametersOf(row?.flags), ...parametersOf({ ...GLOBALS, ...row?.flags }) },
    aliases: { ...LETTERS, ...row?.letters },
    positional: { kind: 'tuple', parameters: Object.values(parametersOf(row?.args)) },
  };
  return buildCommand<Record<string, never>, string[], CliContext>({
    docs: { brief, ...(row?.about !== undefined && { fullDescription: row.about }) },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the builders of command/flag.ts make such rows
    parameters: parameters as unknown as { flags: Record<string, never>; positional: never },
    async func(flags, ...args) {
      if (row) this.process.exitCode = await this.perform(row, flags, args);
    },
  });
}

interface Loaded {
  readonly words: readonly string[];
  readonly row: AnyCommand | null;
}

/** Builds a noun: of the commands below it, the one asked for whole, of the others the line that tells of them. */
function routesOf(noun: Noun, { words: [next, ...words], row }: Loaded): Target {
  const routes = Object.fromEntries(
    Object.entries(noun.entries).map(([word, entry]): [string, Target] => {
      const here = word === next;
      if ('load' in entry) return [word, targetOf(entry, here ? row : null)];
      return [word, routesOf(entry, here ? { words, row } : { words: [], row: null })];
    }),
  );
  return buildRouteMap<string, CliContext>({ routes, docs: { brief: noun.brief } });
}

/** Tells what of a line cannot be read; of what is missing, where it is explained. */
function complain(error: unknown): string {
  if (!(error instanceof ArgumentScannerError)) return error instanceof Error ? error.message : String(error);
  return formatMessageForArgumentScannerError(error, {
    UnsatisfiedFlagError: ({ externalFlagName, nextFlagName }) =>
      nextFlagName === undefined
        ? `give --${externalFlagName}, with a value; --help says what it is`
        : `--${externalFlagName} needs a value, but --${nextFlagName} came`,
    UnsatisfiedPositionalError: ({ placeholder }) => `give ${placeholder}; --help says what it is`,
  });
}

/** Makes the application of one command line: only the command that it asks for has been loaded. */
export function buildXeroctl(root: Noun, loaded: Loaded): Application<CliContext> {
  const routes = routesOf(root, loaded);
  if (!('getAllEntries' in routes)) throw new Error('the root of the commands is a group');
  return buildApplication(
    routes,
    {
      name: 'xeroctl',
      scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
      documentation: { caseStyle: 'convert-camel-to-kebab', disableAnsiColor: true },
      localization: {
        text: {
          ...text_en,
          exceptionWhileParsingArguments: (error) => `xeroctl: ${complain(error)}`,
          noCommandRegisteredForInput: ({ input, corrections }) =>
            `xeroctl: there is no command ${input}${corrections.length > 0 ? `; did you mean ${corrections.join(' or ')}?` : ''}`,
        },
      },
    },
    {
      help: help({
        brief: 'Say what a command does and takes',
        defaultForRouteMap: true,
        formatting: {
          caseStyle: 'convert-camel-to-kebab',
          useAliasInUsageLine: false,
          onlyRequiredInUsageLine: true,
        },
      }),
    },
  );
}
