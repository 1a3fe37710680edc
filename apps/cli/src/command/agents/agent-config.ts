import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../../exit.ts';

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/** Settings of an agent by the names they have in its file; those that are undefined are left out. */
export type AgentConfig = Readonly<Record<string, string | undefined>>;

/** The file of an agent: flat YAML, every value in quotes. */
export const configText = (config: AgentConfig): string =>
  Object.entries(config)
    .flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${JSON.stringify(value)}\n`))
    .join('');

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: OWNER_FOLDER });
  const draft = `${path}.new`;
  // Made anew: what somebody put there, or a link to elsewhere, would be theirs to read, or would be overwritten.
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', OWNER_FILE);
  try {
    await file.chmod(OWNER_FILE);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** What to write, and whether a file that is there may go. */
interface Writing {
  readonly config: AgentConfig;
  readonly mayReplace: boolean;
}

/**
 * Writes the file of an agent, whole, for its owner only; true when there was none.
 * @throws UsageError when it is there already, or cannot be written
 */
export async function writeAgentConfig(path: string, { config, mayReplace }: Writing): Promise<boolean> {
  const wasThere = await isThere(path);
  if (wasThere && !mayReplace) {
    throw new UsageError(`${path} is there already: name another one by --config, or replace it by --force`);
  }
  try {
    await writeWhole(path, configText(config));
    return !wasThere;
  } catch (err) {
    const why = err instanceof Error && 'code' in err ? ` (${String(err.code)})` : '';
    throw new UsageError(`${path} cannot be written${why}: name a file of your own by --config`, {
      cause: err,
    });
  }
}
