import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEV_SETTINGS } from '@xem/protocol';
import { readSettings } from '@xem/runtime';
import { runningMesh } from './mesh-file.ts';
import { placeOf, REPOSITORY } from './place.ts';

const CLI = join(REPOSITORY, 'apps/cli/src/main.ts');
const EX_TEMPFAIL = 75;
const NEEDS_NO_MESH = new Set(['--help', '-h', '--version']);

/** Points the CLI at the local mesh, as far as the caller has not pointed it elsewhere. False when there is no mesh to point at. */
function aimAtMesh(env: NodeJS.ProcessEnv, words: readonly string[]): boolean {
  if (env['XEROTIER_BASE_URL'] && env['XEROTIER_API_KEY']) return true;
  const { dev_dir } = readSettings(DEV_SETTINGS, { flags: {}, env, file: {} });
  const place = placeOf(dev_dir);
  const mesh = runningMesh(place);
  if (mesh) {
    env['XEROTIER_BASE_URL'] ||= mesh.router_url;
    env['XEROTIER_API_KEY'] ||= mesh.keys.operator;
    return true;
  }
  if (words.length === 0 || words.some((word) => NEEDS_NO_MESH.has(word))) return true;
  process.stderr.write(`xeroctl: no mesh is running in ${place.dir}. Start one with: npx -y pnpm@12 dev\n`);
  return false;
}

if (!aimAtMesh(process.env, process.argv.slice(2))) process.exit(EX_TEMPFAIL);
// The package manager runs scripts at the root; files that the caller names are beside the caller.
process.chdir(process.env['INIT_CWD'] ?? '.');
await import(pathToFileURL(CLI).href);
