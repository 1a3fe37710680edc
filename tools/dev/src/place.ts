import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Where Node keeps what it compiled: every mesh of this checkout runs the same modules. */
export const COMPILE_CACHE = join(REPOSITORY, 'node_modules/.cache/node');

/** Where a local mesh keeps its things; every path is absolute. */
export interface Place {
  readonly dir: string;
  /** The contract with other programs: there while the mesh is ready. */
  readonly meshFile: string;
  /** Key values and the ids they go with; the store has hashes only. */
  readonly keysFile: string;
  /** Ports, the agent's id and running processes, for the next start. */
  readonly memoryFile: string;
  readonly logDir: string;
  readonly routerDir: string;
  readonly agentDir: string;
  /** The agent's bundles. */
  readonly toolsDir: string;
  readonly effectLog: string;
}

/** The place of a mesh; a relative folder counts from the repository. */
export function placeOf(devDir: string): Place {
  const dir = resolve(REPOSITORY, devDir);
  return {
    dir,
    meshFile: join(dir, 'dev.json'),
    keysFile: join(dir, 'keys.json'),
    memoryFile: join(dir, 'memory.json'),
    logDir: join(dir, 'log'),
    routerDir: join(dir, 'router'),
    agentDir: join(dir, 'agent'),
    toolsDir: join(dir, 'tools'),
    effectLog: join(dir, 'effects.jsonl'),
  };
}
