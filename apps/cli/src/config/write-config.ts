import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'smol-toml';
import type { Config } from './config-file.ts';

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/** Writes the file for its owner alone, in one step: a reader sees the old one or the new one. */
export async function writeConfig(path: string, config: Config): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_FOLDER });
  const next = `${path}.new`;
  await writeFile(next, stringify(config), { mode: OWNER_FILE });
  await chmod(next, OWNER_FILE);
  await rename(next, path);
}
