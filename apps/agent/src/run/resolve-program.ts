import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

const PATH_DEFAULT = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The absolute path of a program: its own when it has one, else the first on `path`. Null when there is none that may
 * be executed, and for a relative path, which would depend on the working folder.
 */
export function resolveProgram(name: string, path: string = PATH_DEFAULT): string | null {
  if (name.includes('/')) return isAbsolute(name) && isProgram(name) ? name : null;
  const folders = path.split(':').filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}
