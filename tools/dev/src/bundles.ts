import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, type Place } from './place.ts';

/** The bundles of every local mesh. What a host has programs for must not make one mesh another than the next. */
const BUNDLES = ['demo', 'host'];

const SHIPPED = join(REPOSITORY, 'apps/agent/bundles');

/** Links the bundles into the agent's folder, in which anyone may put others. Links of another checkout are replaced. */
export function linkBundles({ toolsDir }: Place): void {
  mkdirSync(toolsDir, { recursive: true, mode: 0o700 });
  for (const name of BUNDLES) {
    const link = join(toolsDir, name);
    const stat = lstatSync(link, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) rmSync(link);
    else if (stat) continue;
    symlinkSync(join(SHIPPED, name), link);
  }
}
