import { cp, readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY } from './place.ts';

/** Sources and binaries of other systems: of a package with binaries most of the bytes. */
const LEFT_OUT =
  /[\\/](?:deps|darwin|win32|vcpkg|script|test)(?:[\\/]|$)|(?:darwin|win32)-\w+\.node$|\.map$|\.[cm]?ts$/;

const Manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()).default({}) });

async function dependenciesOf(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  return Object.keys(Manifest.parse(JSON.parse(text)).dependencies);
}

/** The folder of a package as somebody in `from` finds it. */
async function folderOf(name: string, from: string): Promise<string> {
  const paths = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  for (const path of paths) {
    const found = await realpath(join(path, name)).catch(() => null);
    if (found !== null) return found;
  }
  throw new Error(`${name} is not installed where ${from} could find it`);
}

/** Needed to build a package from its sources only; what is shipped was built. */
const BUILD_ONLY = new Set(['node-addon-api']);

/**
 * Copies packages and what they depend on, flat, into a `node_modules` folder: for what no bundle can hold. Each is
 * taken as the folder beside its name finds it; of their binaries those for Linux go along.
 */
export async function carry(users: Readonly<Record<string, string>>, to: string): Promise<void> {
  const carried = new Set<string>();
  const take = async (name: string, from: string): Promise<void> => {
    if (carried.has(name) || BUILD_ONLY.has(name)) return;
    carried.add(name);
    const folder = await folderOf(name, from);
    const filter = (source: string): boolean => !LEFT_OUT.test(source.slice(folder.length));
    await cp(folder, join(to, name), { recursive: true, dereference: true, filter });
    for (const needed of await dependenciesOf(folder)) await take(needed, folder);
  };
  for (const [name, user] of Object.entries(users)) await take(name, join(REPOSITORY, user));
}
