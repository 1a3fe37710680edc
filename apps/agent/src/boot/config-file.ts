import { readFile } from 'node:fs/promises';
import { BootError } from './boot-error.ts';

/** Settings by name, as words. */
export type ConfigWords = Readonly<Record<string, string>>;

/** Where a configuration file is, and whether somebody asked for this very one. */
export interface ConfigFile {
  readonly path: string;
  readonly isAskedFor: boolean;
  /** The names that may stand in it. */
  readonly known: ReadonlySet<string>;
}

const invalid = (path: string, why: string): BootError =>
  new BootError('invalidConfigFile', `invalidConfigFile: ${path}: ${why}`);

const isMissing = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT';

async function readText({ path, isAskedFor }: ConfigFile): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (err) {
    if (isMissing(err) && !isAskedFor) return null;
    throw new BootError('invalidConfigFile', `invalidConfigFile: ${path} cannot be read`, { cause: err });
  }
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text, { schema: 'failsafe' });
  } catch (err) {
    throw invalid(path, err instanceof Error ? err.message : 'is not YAML');
  }
}

/**
 * Reads a flat YAML file of settings; a file that is not there and not asked for says nothing.
 * @throws BootError `invalidConfigFile` for nested data, an unknown name, and a file that cannot be read
 */
export async function readConfigFile(file: ConfigFile): Promise<ConfigWords> {
  const text = await readText(file);
  if (text === null) return {};
  const parsed = (await parseYaml(file.path, text)) ?? {};
  if (typeof parsed !== 'object' || Array.isArray(parsed))
    throw invalid(file.path, 'must hold names and values');
  const words: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (!file.known.has(name)) throw invalid(file.path, `"${name}" is not a setting`);
    if (typeof value !== 'string') throw invalid(file.path, `"${name}" must be one value, not nested data`);
    if (value !== '') words[name] = value;
  }
  return words;
}
