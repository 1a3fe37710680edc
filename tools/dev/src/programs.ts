import { join } from 'node:path';
import { REPOSITORY } from './place.ts';

/**
 * The modules that make a mesh, each forked by Node with an IPC channel. The contract with a service: it says
 * `process.send?.({ type: 'ready', …facts })` once it can be used (router: `http_url`, `data_endpoint`,
 * `enroll_endpoint`; agent: `agent_id`; mcp, which is told `--http`: `url`), takes its settings from `XEM_*`, and
 * stops on SIGTERM and on `disconnect`. `admin seed-dev --data-dir DIR` prints the seed as JSON, and may be run again.
 */
export interface Programs {
  readonly admin: string;
  readonly router: string;
  readonly agent: string;
  readonly mcp: string;
}

const app = (path: string): string => join(REPOSITORY, 'apps', path);

/** The programs of this repository. */
export const PROGRAMS: Programs = {
  admin: app('router/src/admin.ts'),
  router: app('router/src/main.ts'),
  agent: app('agent/src/main.ts'),
  mcp: app('mcp/src/main.ts'),
};
