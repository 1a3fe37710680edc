import type { AgentId } from '@xem/protocol';
import type { ExecutionRecord, WriteTx } from '@xem/store';
import { internalOperation, type ProjectContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { loadAttempt } from './attempt.ts';
import { loseAttempt } from './lose.ts';

const lapseExecutions = internalOperation('execution.lapse');

/** A tool that only reads may run twice at once, so it need not wait for the agent to come back. */
async function lapseOne(ctx: ProjectContext, tx: WriteTx, row: ExecutionRecord): Promise<readonly Fact[]> {
  const ref = { agentId: row.agentId, executionId: row.id, attempt: row.attempt };
  const attempt = await loadAttempt(tx, ref);
  if (attempt.invocation.risk === 'read' || !attempt.current) {
    const { facts } = await loseAttempt(ctx, tx, { ...attempt, knowledge: 'unknown' });
    return facts;
  }
  const now = ctx.clock.now();
  await tx.executions.save({ ...row, lostAt: now });
  const { invocation } = attempt;
  const deadlineAt = Math.min(invocation.deadlineAt ?? Infinity, now + ctx.settings.lostGraceMs);
  await tx.invocations.save({ ...invocation, deadlineAt });
  return [];
}

/**
 * What becomes of the open attempts of an agent whose lease is over: those of tools that read go back to the queue at
 * once, the others wait `lostGraceMs` for the agent to come back with them.
 */
export async function lapseOpen(
  ctx: ProjectContext,
  tx: WriteTx,
  agentId: AgentId,
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const row of await tx.executions.openOf(agentId)) {
    if (row.lostAt === null) facts.push(...(await lapseOne(ctx, tx, row)));
  }
  return facts;
}

/** The same for an agent that had no lease to end: it was taken out of the mesh. */
export const lapseAttempts = (ctx: ProjectContext, agentId: AgentId): Promise<void> =>
  mutate<void>(ctx, lapseExecutions, async (tx) => ({
    result: undefined,
    facts: await lapseOpen(ctx, tx, agentId),
  }));
