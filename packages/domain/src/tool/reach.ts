import type { WorkspaceId } from '@xem/protocol';
import type { ProjectContext } from '../context.ts';
import { policyInForce } from '../policy/rules.ts';
import { loadWorkspace } from '../workspace/load.ts';
import type { ToolReach } from './row.ts';

/** The reach of a look into the catalogue. @throws ExecError workspace_not_found */
export async function reachOf(ctx: ProjectContext, workspaceId?: WorkspaceId): Promise<ToolReach> {
  const { projectId, store } = ctx;
  if (workspaceId !== undefined) await loadWorkspace(ctx, store.read.workspaces, workspaceId);
  const place = { projectId, workspaceId: workspaceId ?? null };
  return { projectId, workspaceId, policy: await policyInForce(store.read.policies, place) };
}
