import { ExecError } from '@xem/errors';
import type { getInvocation, Invocation, InvocationId, ParsedInputOf } from '@xem/protocol';
import type { InvocationReader, InvocationRecord } from '@xem/store';
import type { ProjectContext, VerbContext } from '../context.ts';
import { withOutput } from './excerpt.ts';
import { presentInvocation } from './present.ts';

/** The row of an invocation of the project. @throws ExecError invocation_not_found, another project's id too */
export async function loadInvocation(
  ctx: ProjectContext,
  rows: InvocationReader,
  id: InvocationId,
): Promise<InvocationRecord> {
  const row = await rows.get(ctx.projectId, id);
  if (row) return row;
  throw new ExecError('invocation_not_found', `the project has no invocation ${id}`);
}

/** Reads an invocation. @throws ExecError invocation_not_found */
export async function get(ctx: VerbContext, input: ParsedInputOf<typeof getInvocation>): Promise<Invocation> {
  const row = await loadInvocation(ctx, ctx.store.read.invocations, input.id);
  const invocation = presentInvocation(row, ctx.settings);
  return input.include === 'output' ? withOutput(ctx, invocation) : invocation;
}
