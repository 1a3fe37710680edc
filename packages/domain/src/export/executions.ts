import { exportExecutions, type ExecutionLine, type ParsedInputOf } from '@xem/protocol';
import type { ExecutionFilter, ExecutionRecord, Position } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { presentExecution } from '../execution/present.ts';
import { presentInvocation } from '../invocation/present.ts';
import { msOrUndefined } from '../timestamp.ts';
import { begin, linesOf } from './begin.ts';

/** Rows that are in memory at once; the arguments of a call may be 256 KiB. */
const PAGE = 50;

type Input = ParsedInputOf<typeof exportExecutions>;

async function lineOf(
  { store, projectId, settings }: VerbContext,
  row: ExecutionRecord,
): Promise<ExecutionLine> {
  const call = await store.read.invocations.get(projectId, row.invocationId);
  if (!call) throw new Error(`execution ${row.id} has no invocation`);
  return { ...presentExecution(row), invocation: presentInvocation(call, settings) };
}

async function* pagesOf(ctx: VerbContext, filter: ExecutionFilter): AsyncGenerator<readonly ExecutionLine[]> {
  let after: Position | undefined;
  do {
    const rows = await ctx.store.read.executions.list(ctx.projectId, filter, { limit: PAGE, after });
    yield Promise.all(rows.map((row) => lineOf(ctx, row)));
    after = rows.length < PAGE ? undefined : rows.at(-1);
  } while (after);
}

/**
 * Exports executions with their invocations, newest first, as lines of JSON. The journal hears of it first. What is
 * created meanwhile is not among them. @throws ExecError scope_insufficient
 */
export async function executions(ctx: VerbContext, input: Input): Promise<AsyncIterable<Uint8Array>> {
  const { format: _format, ...asked } = input;
  await begin(ctx, exportExecutions, { what: 'executions', ...asked });
  const filter = {
    status: asked.status,
    tool: asked.tool,
    workspaceId: asked.workspace_id,
    createdAfter: msOrUndefined(asked.created_after),
    createdBefore: msOrUndefined(asked.created_before) ?? ctx.clock.now() + 1,
  };
  return linesOf(ctx, pagesOf(ctx, filter));
}
