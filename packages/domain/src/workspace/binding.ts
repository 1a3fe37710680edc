import type { AgentId, WorkspaceBinding, WorkspaceId } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { BindingRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';

/** A binding as it travels. */
export const presentBinding = (row: BindingRecord): WorkspaceBinding => ({
  object: 'workspace_binding',
  workspace_id: row.workspaceId,
  agent_id: row.agentId,
  created_by: row.createdBy,
  created_at: toTimestamp(row.createdAt),
});

interface Bond {
  readonly workspaceId: WorkspaceId;
  readonly agentId: AgentId;
}

/** What the journal hears of a binding that begins or ends. */
export const bindingFact = (
  type: 'workspace.bound' | 'workspace.unbound',
  { workspaceId, agentId }: Bond,
): Fact => ({
  type,
  subject: { type: 'workspace', id: workspaceId },
  refs: { workspace_id: workspaceId, agent_id: agentId },
  data: {},
});
