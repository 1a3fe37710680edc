import { afterEach } from 'vitest';
import { hangDoors } from './door.ts';
import { meshDir, removeMesh, startMesh, type Mesh } from './mesh.ts';

/** What tests of a file that start meshes of their own do it with. */
interface Meshes {
  /** A folder that is removed after the test; a mesh in it has the tools of `hangDoors`. */
  readonly folder: () => Promise<string>;
  /** Starts a mesh in a folder, once more or for the first time; it is stopped after the test, and its folder removed. */
  readonly start: (dir: string, env?: NodeJS.ProcessEnv) => Promise<Mesh>;
}

/** Meshes for each test of a file to start and restart; `settings` hold for all of them. */
export function useMeshes(settings: NodeJS.ProcessEnv = {}): Meshes {
  const started: Mesh[] = [];
  const folders = new Set<string>();
  afterEach(async () => {
    for (const mesh of started.splice(0)) await mesh.stop();
    for (const dir of folders) await removeMesh(dir);
    folders.clear();
  });
  return {
    folder: async () => {
      const dir = await meshDir();
      folders.add(dir);
      hangDoors(dir);
      return dir;
    },
    start: async (dir, env = {}) => {
      folders.add(dir);
      const mesh = await startMesh(dir, { ...settings, ...env });
      started.push(mesh);
      return mesh;
    },
  };
}
