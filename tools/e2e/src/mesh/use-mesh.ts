import { afterAll, afterEach, beforeAll } from 'vitest';
import { removeMesh, startMesh, type Mesh } from './mesh.ts';

/** One mesh for the tests of a file, started before the first and stopped after the last; `env` holds its settings. */
export function useMesh(env: NodeJS.ProcessEnv = {}): () => Mesh {
  let mesh: Mesh | undefined;
  beforeAll(async () => {
    mesh = await startMesh(undefined, env);
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
