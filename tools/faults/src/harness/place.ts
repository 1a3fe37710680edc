import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

const app = (path: string): string => join(REPOSITORY, 'apps', path);

/** The programs that are broken here: those of the product, as they are. */
export const PROGRAMS = {
  admin: app('router/src/admin.ts'),
  router: app('router/src/main.ts'),
  agent: app('agent/src/main.ts'),
  bundles: app('agent/bundles'),
} as const;

/** Where Node keeps what it compiled. */
export const COMPILE_CACHE = join(REPOSITORY, 'node_modules/.cache/node');
