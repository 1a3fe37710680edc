import { ExecError } from '@xem/errors';
import type { Execution, ExecutionId, getExecution, ParsedInputOf } from '@xem/protocol';
import type { ExecutionReader, ExecutionRecord } from '@xem/store';
import type { ProjectContext, VerbContext } from '../context.ts';
import { presentExecution } from './present.ts';

/** The row of an execution of the project. @throws ExecError execution_not_found, another project's id too */
export async function loadExecution(
  ctx: ProjectContext,
  rows: ExecutionReader,
  id: ExecutionId,
): Promise<ExecutionRecord> {
  const row = await rows.get(ctx.projectId, id);
  if (row) return row;
  throw new ExecError('execution_not_found', `the project has no execution ${id}`);
}

/** Reads an execution. @throws ExecError execution_not_found */
export const get = async (ctx: VerbContext, input: ParsedInputOf<typeof getExecution>): Promise<Execution> =>
  presentExecution(await loadExecution(ctx, ctx.store.read.executions, input.id));
