import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

const OUTSIDE = 'the path leads out of the folder that this tool is confined to';

function demandInside(root: string, path: string): string {
  const way = relative(root, path);
  if (way === '..' || way.startsWith('../') || isAbsolute(way)) throw new Error(OUTSIDE);
  return path;
}

/**
 * The real path of something in `root`, links followed. A path is relative to the root, or absolute and inside it.
 * Throws when it leads out, by dots or by links, or is not there.
 */
export async function confinedPath(root: string, path: string): Promise<string> {
  const realRoot = await realpath(root);
  const asked = demandInside(resolve(root), resolve(root, path));
  return demandInside(realRoot, await realpath(asked));
}

/** The same for something that need not be there yet, in a folder that is. */
export async function confinedTarget(root: string, path: string): Promise<string> {
  const folder = await confinedPath(root, dirname(resolve(root, path)));
  const name = basename(resolve(root, path));
  if (resolve(root, path) === resolve(root)) throw new Error('the path is the folder itself');
  return join(folder, name);
}
