import { proposeCompletions } from '@stricli/core';
import { buildXeroctl, type CliContext } from '../application.ts';
import { ENTRIES } from '../command/table.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { visible } from '../render/escape.ts';
import { resolve } from '../resolve.ts';
import { connect } from '../session.ts';
import type { Kind } from './kind.ts';

/** Tells the shell not to propose files where nothing is known. */
const NO_FILES = ':4';

/** The value of a flag on a line that is still being typed. */
function given(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag);
  return at < 0 ? words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1) : words[at + 1];
}

async function values(io: Io, words: readonly string[], kind: Kind): Promise<readonly string[]> {
  const { readValues } = await import('./proposals.ts');
  const client = await connect(io, {
    context: given(words, '--context'),
    baseUrl: given(words, '--base-url'),
    apiKey: given(words, '--api-key'),
    project: given(words, '--project'),
  });
  return readValues(client, kind);
}

/**
 * Writes what the last of these words may become, one proposal a line, its meaning behind a tab. Nothing that goes
 * wrong is told: a shell that completes has no place for it.
 */
export async function complete(typed: readonly string[], io: Io): Promise<number> {
  const silent = { write: (): void => undefined };
  const partial = typed.at(-1) ?? '';
  const { words, rest, verb } = resolve(ENTRIES, typed.slice(0, -1));
  const context: CliContext = {
    process: { stdout: silent, stderr: silent },
    perform: async () => EXIT.ok,
    values: (kind) => values(io, typed, kind).catch(() => []),
  };
  // A noun that stands for one of its commands still has the others to offer.
  const bare = typed.slice(0, -1).filter((word) => !word.startsWith('-'));
  const asked = rest.length === 0 && bare.length < words.length ? { words: bare, row: null } : null;
  const application = buildXeroctl(ENTRIES, asked ?? { words, row: verb && (await verb.load()) });
  const proposals = await proposeCompletions(
    application,
    [...(asked?.words ?? words), ...rest, partial],
    context,
  );
  const lines = proposals.map(({ completion, brief }) => `${visible(completion)}\t${visible(brief)}`);
  await io.stdout.write(`${[...lines, NO_FILES].join('\n')}\n`);
  return EXIT.ok;
}
