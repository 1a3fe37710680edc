import { afterAll, afterEach, beforeAll } from 'vitest';
import { hangDoors } from './door.ts';
import { meshDir, removeMesh, startMesh, type Mesh } from './mesh.ts';

/**
 * One mesh for the tests of a file, started before the first and stopped after the last; `env` holds its settings.
 * Its agent has the tools of `hangDoors`.
 */
export function useMesh(env: NodeJS.ProcessEnv = {}): () => Mesh {
  let mesh: Mesh | undefined;
  beforeAll(async () => {
    const dir = await meshDir();
    hangDoors(dir);
    mesh = await startMesh(dir, env);
  });
  afterEach(() => mesh?.checkAnswers());
  afterAll(async () => {
    await mesh?.stop();
    if (mesh) await removeMesh(mesh.dir);
  });
  return () => {
    if (!mesh) throw new Error('the mesh has not started');
    return mesh;
  };
}
