import { ExecError } from '@xem/errors';
import type { getTool, ParsedInputOf, ToolDescriptor } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { waitingFor } from '../manifest/waiting-for.ts';
import { presentDescriptor } from './present.ts';
import { reachOf } from './reach.ts';
import { onlineAmong, runnersOf } from './row.ts';

/**
 * Reads one definition of a tool: the one asked for, else the first bound of those an online agent has.
 * @throws ExecError exec_tool_not_found, workspace_not_found
 */
export async function get(
  ctx: VerbContext,
  { name, digest, workspace_id: workspaceId }: ParsedInputOf<typeof getTool>,
): Promise<ToolDescriptor> {
  const reach = await reachOf(ctx, workspaceId);
  const tool = ctx.catalogue.find(ctx.projectId, name, workspaceId);
  const variant = tool?.variants
    .filter((candidate) => digest === undefined || candidate.digest === digest)
    .find((candidate) => onlineAmong(ctx, runnersOf(ctx, candidate, workspaceId)) > 0);
  if (tool && variant) return presentDescriptor(ctx, reach, { tool, variant });
  const [waiting] = ctx.catalogue.waiting(ctx.projectId, name, workspaceId);
  const why = waiting ? waitingFor(waiting) : `no agent that is online has the tool ${name}`;
  throw new ExecError('exec_tool_not_found', why, { place: 'catalogue' });
}
