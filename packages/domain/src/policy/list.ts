import { listPolicies, type Page, type ParsedInputOf, type Policy, type WorkspaceId } from '@xem/protocol';
import type { PolicyRecord, Slice } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { loadWorkspace } from '../workspace/load.ts';
import { describePolicies } from './present.ts';
import { policyInForce } from './rules.ts';

/** The one policy that governs in a workspace, as a list. */
async function governing(
  ctx: VerbContext,
  workspaceId: WorkspaceId,
  { after }: Slice,
): Promise<readonly PolicyRecord[]> {
  const { workspaces, policies } = ctx.store.read;
  await loadWorkspace(ctx, workspaces, workspaceId);
  return after ? [] : [await policyInForce(policies, { projectId: ctx.projectId, workspaceId })];
}

/**
 * Lists the policies in force: the project's own and those of workspaces; or the one that governs in a workspace.
 * @throws ExecError workspace_not_found
 */
export async function list(
  ctx: VerbContext,
  input: ParsedInputOf<typeof listPolicies>,
): Promise<Page<Policy>> {
  const { limit, after, workspace_id: workspaceId } = input;
  const { policies, access } = ctx.store.read;
  const rows = (slice: Slice): Promise<readonly PolicyRecord[]> =>
    workspaceId === undefined ? policies.list(ctx.projectId, slice) : governing(ctx, workspaceId, slice);
  const page = await readPage(
    { projectId: ctx.projectId, route: listPolicies.id, filter: { workspaceId } },
    { limit, after },
    { rows, position: positionOf, present: (row) => row },
  );
  return { ...page, data: await describePolicies(ctx, access, page.data) };
}
