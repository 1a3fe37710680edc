import { ENTRIES, GLOBALS, type AnyCommand, type Entry, type Verb } from '@xem/cli';
import { code, codes, page, table } from '../markdown.ts';

type Parameters = NonNullable<AnyCommand['flags']>;

interface Leaf {
  readonly words: string;
  readonly verb: Verb;
}

const leavesOf = (entry: Entry, words: string): readonly Leaf[] =>
  'load' in entry
    ? [{ words, verb: entry }]
    : Object.entries(entry.entries).flatMap(([word, below]) => leavesOf(below, `${words} ${word}`));

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const wordIn = (parameter: Parameters[string]['parameter'], name: string): string => {
  const value = parameter[name];
  return typeof value === 'string' ? value : '';
};

function valueOf({ parameter }: Parameters[string]): string {
  const values = parameter['values'];
  if (Array.isArray(values)) return values.join('|');
  return wordIn(parameter, 'placeholder');
}

const flagCell = (name: string, row: Parameters[string]): string =>
  code([`--${kebab(name)}`, valueOf(row)].filter(Boolean).join(' '));

const rowsOf = (parameters: Parameters): readonly (readonly string[])[] =>
  Object.entries(parameters)
    .filter(([, { parameter }]) => parameter['hidden'] !== true)
    .map(([name, row]) => [flagCell(name, row), wordIn(row.parameter, 'brief')]);

function argumentRows(parameters: Parameters): readonly (readonly string[])[] {
  return Object.values(parameters).map(({ parameter }) => [
    code(wordIn(parameter, 'placeholder')),
    wordIn(parameter, 'brief'),
  ]);
}

async function leafBlocks({ words, verb }: Leaf): Promise<readonly string[]> {
  const { about, flags = {}, args = {} } = await verb.load();
  const operations = verb.operations.length > 0 ? [`Operations: ${codes(verb.operations)}.`] : [];
  const argumentTable =
    Object.keys(args).length > 0 ? [table(['Argument', 'Meaning'], argumentRows(args))] : [];
  const flagTable = Object.keys(flags).length > 0 ? [table(['Flag', 'Meaning'], rowsOf(flags))] : [];
  return [
    `## ${words}`,
    `${verb.brief}.`,
    ...(about === undefined ? [] : [about]),
    ...operations,
    ...argumentTable,
    ...flagTable,
  ];
}

const INTRO = `\`xeroctl\` speaks to the REST API. It finds the router and the key in flags, then \`XEROTIER_BASE_URL\` and \`XEROTIER_API_KEY\`, then the current context of its configuration. What it exits with is told with each [error code](errors.md).`;

/** The reference of the command line, one part a command. */
export async function cliPage(): Promise<string> {
  const leaves = leavesOf(ENTRIES, 'xeroctl').filter(({ verb }) => verb.hidden !== true);
  const blocks = await Promise.all(leaves.map(leafBlocks));
  const globals = ['## Flags of every command', table(['Flag', 'Meaning'], rowsOf(GLOBALS))];
  return page('Command line', [INTRO, ...globals, ...blocks.flat()]);
}
