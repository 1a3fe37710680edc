import type { getWorkspace, ParsedInputOf, Workspace } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { loadWorkspace } from './load.ts';
import { presentWorkspace } from './present.ts';

/** Reads a workspace. @throws ExecError workspace_not_found */
export async function get(
  ctx: VerbContext,
  { workspace_id: id }: ParsedInputOf<typeof getWorkspace>,
): Promise<Workspace> {
  const { read } = ctx.store;
  return presentWorkspace(ctx, read, await loadWorkspace(ctx, read.workspaces, id));
}
