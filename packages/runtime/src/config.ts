import type { SettingDeclaration } from '@xem/protocol';
import type { z } from 'zod';

/** Words as the three sources give them, strongest first. */
export interface SettingSources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: Readonly<Record<string, string | undefined>>;
}

/** Typed values of a table of settings. */
export type SettingValues<Table extends Record<string, SettingDeclaration>> = {
  readonly [Name in keyof Table]: z.output<Table[Name]['schema']>;
};

/** A program that cannot start, and starting it again would not help; the message is for its operator. */
export class HopelessStartError extends Error {
  override readonly name: string = 'HopelessStartError';
}

/** A setting that cannot be read; the message names the source, the setting and the remedy. */
export class SettingError extends HopelessStartError {
  override readonly name = 'SettingError';
}

function pick(
  name: string,
  row: SettingDeclaration,
  sources: SettingSources,
): { word?: string; from: string } {
  const flag = sources.flags[row.flag];
  if (flag !== undefined) return { word: flag, from: `--${row.flag}` };
  const variable = sources.env[row.env];
  if (variable !== undefined && variable !== '') return { word: variable, from: row.env };
  const line = sources.file[name];
  return line === undefined
    ? { from: `--${row.flag} or ${row.env}` }
    : { word: line, from: `"${name}" of the file` };
}

/** The flags of a table of settings, as `parseArgs` of Node takes them. */
export const flagsOf = (
  table: Readonly<Record<string, Pick<SettingDeclaration, 'flag'>>>,
): Record<string, { type: 'string' }> =>
  Object.fromEntries(Object.values(table).map(({ flag }) => [flag, { type: 'string' }]));

const FLAG_WIDTH = 32;

/** What `--help` says of a table of settings: a line for each flag. */
export const flagLines = (
  table: Readonly<Record<string, Pick<SettingDeclaration, 'flag' | 'says'>>>,
): string =>
  Object.values(table)
    .map(({ flag, says }) => `  --${flag}`.padEnd(FLAG_WIDTH) + says)
    .join('\n');

/** Reads a table of settings: flags, then environment, then file, then the schema's default. @throws SettingError */
export function readSettings<Table extends Record<string, SettingDeclaration>>(
  table: Table,
  sources: SettingSources,
): SettingValues<Table> {
  const values: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(table)) {
    const { word, from } = pick(name, row, sources);
    const parsed = row.schema.safeParse(word);
    if (!parsed.success) throw new SettingError(`${from}: ${parsed.error.issues[0]?.message}. ${row.says}`);
    values[name] = parsed.data;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value was parsed by its own row's schema
  return values as SettingValues<Table>;
}
