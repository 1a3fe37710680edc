import { ExecError } from '@xem/errors';
import { bindAgent, type AgentId, type ParsedInputOf, type WorkspaceBinding } from '@xem/protocol';
import type { BindingRecord, WriteTx } from '@xem/store';
import { isAdmitted } from '../agent/admitted.ts';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { bindingFact, presentBinding } from './binding.ts';
import { loadWorkspace } from './load.ts';

/** More bindings than a workspace ever has. */
const BINDINGS_MAX = 100_000;

async function assertBindable(ctx: VerbContext, tx: WriteTx, id: AgentId): Promise<void> {
  const agent = await tx.agents.get(ctx.projectId, id);
  if (!agent)
    throw new ExecError('agent_not_found', `the project has no agent ${id}`, { param: '/agent_id' });
  if (!isAdmitted(agent)) throw new ExecError('invalid_state', `agent ${id} is ${agent.status}`);
}

async function existing(
  tx: WriteTx,
  { projectId, workspaceId, agentId }: BindingRecord,
): Promise<BindingRecord> {
  const rows = await tx.workspaces.bindingsOf(projectId, workspaceId, { limit: BINDINGS_MAX });
  const row = rows.find((candidate) => candidate.agentId === agentId);
  if (!row)
    throw new Error(`the binding of ${agentId} to ${workspaceId} was refused as known and is not there`);
  return row;
}

/**
 * Lets an agent serve a workspace; again changes nothing.
 * @throws ExecError workspace_not_found, agent_not_found, invalid_state for an agent that may not come back
 */
export const bind = (
  ctx: VerbContext,
  { workspace_id: workspaceId, agent_id: agentId }: ParsedInputOf<typeof bindAgent>,
): Promise<WorkspaceBinding> =>
  mutate(ctx, bindAgent, async (tx) => {
    await loadWorkspace(ctx, tx.workspaces, workspaceId);
    await assertBindable(ctx, tx, agentId);
    const { projectId, caller, clock } = ctx;
    const row = { projectId, workspaceId, agentId, createdBy: caller.principal, createdAt: clock.now() };
    if (!(await tx.workspaces.bind(row)))
      return { result: presentBinding(await existing(tx, row)), facts: [] };
    return {
      result: presentBinding(row),
      facts: [bindingFact('workspace.bound', row)],
      committed: () => ctx.catalogue.bind(row),
    };
  });
