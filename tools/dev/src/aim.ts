import { DEV_SETTINGS } from '@xem/protocol';
import { readSettings } from '@xem/runtime';
import { runningMesh } from './mesh-file.ts';
import { placeOf } from './place.ts';

const NEEDS_NO_MESH = new Set(['--help', '-h', '--version']);

/** Whoever has a join key needs no other one: the router is named in it. */
const isEnrolling = ([noun, verb]: readonly string[]): boolean => noun === 'agents' && verb === 'enroll';

/** Points the CLI at the local mesh, as far as the caller has not pointed it elsewhere. False when there is no mesh to point at. */
export function aimAtMesh(env: NodeJS.ProcessEnv, words: readonly string[]): boolean {
  if (env['XEROTIER_BASE_URL'] && env['XEROTIER_API_KEY']) return true;
  const { dev_dir } = readSettings(DEV_SETTINGS, { flags: {}, env, file: {} });
  const place = placeOf(dev_dir);
  const mesh = runningMesh(place);
  if (mesh) {
    env['XEROTIER_BASE_URL'] ||= mesh.router_url;
    env['XEROTIER_API_KEY'] ||= mesh.keys.operator;
    return true;
  }
  if (words.length === 0 || isEnrolling(words) || words.some((word) => NEEDS_NO_MESH.has(word))) return true;
  process.stderr.write(`xeroctl: no mesh is running in ${place.dir}. Start one with: npx -y pnpm@12 dev\n`);
  return false;
}
