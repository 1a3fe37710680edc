import { ROUTES } from '@xem/client';
import { build, type Plugin } from 'esbuild';
import { chmod, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The build of `yaml` for browsers is ESM; the one for Node would make every start load node:module. */
const esmYaml: Plugin = {
  name: 'esm-yaml',
  setup: (bundler) => {
    const path = at(import.meta.resolve('yaml')).replace(/dist([\\/]index\.js)$/, 'browser$1');
    bundler.onResolve({ filter: /^yaml$/ }, () => ({ path, sideEffects: false }));
  },
};

/**
 * Puts the plain routes in the place of the table of operations, which leaves every schema out of the bundle, and
 * keeps of the package's description only what is asked for.
 */
const plainData: Plugin = {
  name: 'plain-data',
  setup: (bundler) => {
    bundler.onLoad({ filter: /packages[\\/]client[\\/]src[\\/]route\.ts$/ }, () => ({
      contents: `export const ROUTES = ${JSON.stringify(ROUTES)};`,
      loader: 'js',
    }));
    bundler.onLoad({ filter: /apps[\\/]cli[\\/]package\.json$/ }, () => ({
      contents: JSON.stringify({ version: packageJson.version }),
      loader: 'json',
    }));
  },
};

await rm(at('../dist'), { recursive: true, force: true });
await build({
  entryPoints: { xeroctl: at('main.ts') },
  outdir: at('../dist'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  legalComments: 'none',
  plugins: [plainData, esmYaml],
});
await chmod(at('../dist/xeroctl.mjs'), 0o755);
