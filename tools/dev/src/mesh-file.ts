import { z } from 'zod';
import type { Place } from './place.ts';
import { readPrivateJson } from './private-file.ts';
import { readProcess } from './process-table.ts';

/** Values of the API keys of a local mesh. */
export const MeshKeys = z.object({
  /** A human with every scope who may decide. */
  operator: z.string(),
  /** Another human with `execution` who may decide. */
  approver: z.string(),
  /** A service with `execution` and `inference`. */
  service: z.string(),
  /** A service with `inference` only. */
  inference: z.string(),
  /** A human of the second project. */
  other_project: z.string(),
});

const Pid = z.int().min(1);

/** `dev.json`: what other programs need to use a local mesh. It is there while the mesh is ready, and only then. */
export const MeshFile = z.object({
  router_url: z.url(),
  mcp_url: z.url(),
  console_url: z.url(),
  data_endpoint: z.string(),
  enroll_endpoint: z.string(),
  project_id: z.string(),
  workspace_id: z.string(),
  agent_ids: z.array(z.string()),
  effect_log: z.string(),
  keys: MeshKeys,
  pids: z.object({ router: Pid, agents: z.array(Pid), mcp: Pid }),
});
export type MeshFile = z.infer<typeof MeshFile>;

/** Reads the file of a mesh that runs; null when none does, whatever a killed one left behind. */
export function runningMesh(place: Place): MeshFile | null {
  const mesh = readPrivateJson(place.meshFile, MeshFile);
  return mesh && readProcess(mesh.pids.router) ? mesh : null;
}
