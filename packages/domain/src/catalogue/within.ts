import type { AgentId, WorkspaceId } from '@xem/protocol';
import type { Catalogue } from './catalogue.ts';

/** Of some agents those that serve a workspace; all of them when none is named. */
export const within = (
  catalogue: Pick<Catalogue, 'workspacesOf'>,
  agents: Iterable<AgentId>,
  workspaceId?: WorkspaceId,
): readonly AgentId[] =>
  [...agents].filter(
    (agentId) => workspaceId === undefined || catalogue.workspacesOf(agentId).has(workspaceId),
  );
