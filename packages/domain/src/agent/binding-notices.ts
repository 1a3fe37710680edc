import type { AgentId, BindingNotice } from '@xem/protocol';
import type { WorkspaceReader } from '@xem/store';

/** The workspaces an agent is bound to, as it is told. */
export async function bindingNotices(rows: WorkspaceReader, agentId: AgentId): Promise<BindingNotice[]> {
  const workspaces = await rows.boundTo(agentId);
  return workspaces.map(({ id, type }) => ({ workspace_id: id, type }));
}
