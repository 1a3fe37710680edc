import { listBindings, type Page, type ParsedInputOf, type WorkspaceBinding } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { presentBinding } from './binding.ts';
import { loadWorkspace } from './load.ts';

/** Lists the agents bound to a workspace, newest binding first. @throws ExecError workspace_not_found */
export async function bindings(
  ctx: VerbContext,
  { workspace_id: id, ...page }: ParsedInputOf<typeof listBindings>,
): Promise<Page<WorkspaceBinding>> {
  const { workspaces } = ctx.store.read;
  await loadWorkspace(ctx, workspaces, id);
  const scope = { projectId: ctx.projectId, route: listBindings.id, filter: { workspace_id: id } };
  return readPage(scope, page, {
    rows: (slice) => workspaces.bindingsOf(ctx.projectId, id, slice),
    position: ({ createdAt, agentId }) => ({ createdAt, id: agentId }),
    present: presentBinding,
  });
}
