import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { carry } from './carry.ts';
import { putLauncher } from './launcher.ts';
import { DIST, REPOSITORY } from './place.ts';
import { SHIPPED, type ProgramName, type Shipped } from './program.ts';

/** Two folders deep, as sources are: what a program finds beside its package it finds beside its bundle. */
const CODE = 'lib/app';

/** CommonJS packages within a bundle ask for Node's own modules by name. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/**
 * Puts a program into a folder of its own that needs nothing but Node.js: its code as bundles, the packages with
 * binaries beside them. Answers the folder.
 */
export async function ship(name: ProgramName, dist = DIST): Promise<string> {
  const { entries, external, folders }: Shipped = SHIPPED[name];
  const folder = join(dist, name);
  const app = join(REPOSITORY, 'apps', name);
  await rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: Object.fromEntries(entries.map((entry) => [entry, join(app, 'src', `${entry}.ts`)])),
    outdir: join(folder, CODE),
    outExtension: { '.js': '.mjs' },
    external: Object.keys(external),
    banner: { js: REQUIRE },
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    legalComments: 'linked',
    logLevel: 'error',
  });
  await Promise.all(
    Object.entries(folders).map(([from, to]) =>
      cp(join(REPOSITORY, from), join(folder, to), { recursive: true }),
    ),
  );
  await putLauncher(folder, `xem-${name}`);
  await carry(external, join(folder, 'node_modules'));
  return folder;
}
