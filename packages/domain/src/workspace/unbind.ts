import { ExecError } from '@xem/errors';
import { unbindAgent, type OutputOf, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { bindingFact } from './binding.ts';
import { loadWorkspace } from './load.ts';

/** Ends the service of an agent to a workspace; what runs goes on. @throws ExecError workspace_not_found, workspace_binding_not_found */
export const unbind = (
  ctx: VerbContext,
  { workspace_id: workspaceId, agent_id: agentId }: ParsedInputOf<typeof unbindAgent>,
): Promise<OutputOf<typeof unbindAgent>> =>
  mutate(ctx, unbindAgent, async (tx) => {
    await loadWorkspace(ctx, tx.workspaces, workspaceId);
    if (!(await tx.workspaces.unbind(workspaceId, agentId))) {
      throw new ExecError('workspace_binding_not_found', `agent ${agentId} is not bound to ${workspaceId}`);
    }
    const bond = { workspaceId, agentId };
    return {
      result: { object: 'workspace_binding', workspace_id: workspaceId, agent_id: agentId, deleted: true },
      facts: [bindingFact('workspace.unbound', bond)],
      committed: () => ctx.catalogue.unbind(bond),
    };
  });
