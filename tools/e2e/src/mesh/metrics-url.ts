import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mesh } from './mesh.ts';

/** Where the operator of a mesh reads its metrics. @throws Error when the mesh was started without a port for them */
export function metricsUrlOf({ dir }: Pick<Mesh, 'dir'>): string {
  const log = readFileSync(join(dir, 'log', 'router.log'), 'utf8');
  const [, url] = /"url":"(http:[^"]+\/metrics)"/.exec(log) ?? [];
  if (url === undefined) throw new Error('the router of this mesh tells no metrics');
  return url;
}
