/** What stands at the top of every generated page. */
const NOTICE = '<!-- Made by `pnpm run docs` from the tables of the code. Edits are lost. -->';

/** A page: a heading of the first rank, then blocks with a blank line between. */
export const page = (title: string, blocks: readonly string[]): string =>
  `${[NOTICE, `# ${title}`, ...blocks].join('\n\n')}\n`;

/** A word in the type of code. */
export const code = (word: string): string => `\`${word}\``;

/** Words in the type of code, comma separated; a dash when there are none. */
export const codes = (words: readonly string[]): string => words.map(code).join(', ') || '–';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A table; `|` and line ends in cells are made harmless. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}
