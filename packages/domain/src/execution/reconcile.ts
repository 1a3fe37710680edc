import {
  attemptName,
  type AgentId,
  type AttemptKey,
  type StoredOutput,
  type UnacknowledgedAttempt,
} from '@xem/protocol';
import type { ExecutionRecord, WriteTx } from '@xem/store';
import type { z } from 'zod';
import { internalOperation, type ProjectContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { resultDeadline, startAttempt } from './accept.ts';
import { loadAttempt, type Attempt } from './attempt.ts';
import { loseAttempt, type Knowledge } from './lose.ts';

const reconcileExecutions = internalOperation('execution.reconcile');

/** What an agent says of itself when it comes back. */
export interface Return {
  readonly agentId: AgentId;
  readonly journalId: string;
  readonly unacknowledged: readonly z.infer<typeof UnacknowledgedAttempt>[];
}

/** What the agent must be told: where to go on with output, what to stop, what to forget. */
export interface Reconciliation {
  readonly open: readonly ExecutionRecord[];
  readonly resume: readonly StoredOutput[];
  readonly abort: readonly AttemptKey[];
  readonly settled: readonly AttemptKey[];
  /** Of `abort` those that the store knows nothing of; what is still heard of them is no violation. */
  readonly strays: readonly AttemptKey[];
}

/** More than an honest agent can run at once; beyond it none is heard of any more. */
const STRAYS_MAX = 1000;

/** Under its old journal an agent that does not list a dispatched attempt never started it; under a new one nothing is known. */
const knowledgeOf = (execution: ExecutionRecord, journalId: string): Knowledge =>
  execution.status === 'dispatched' && execution.journalId === journalId ? 'never_started' : 'unknown';

/** An attempt that goes on; one that was given up for lost gets its time back. */
async function resumeAttempt(
  tx: WriteTx,
  { execution, invocation, current }: Attempt,
): Promise<ExecutionRecord> {
  if (execution.lostAt === null) return execution;
  if (current && invocation.startedAt !== null && invocation.cancelRequestedAt === null) {
    await tx.invocations.save({
      ...invocation,
      deadlineAt: resultDeadline(invocation, invocation.startedAt),
    });
  }
  return tx.executions.save({ ...execution, lostAt: null });
}

async function reconcileOpen(ctx: ProjectContext, tx: WriteTx, back: Return) {
  const listed = new Set(back.unacknowledged.map(attemptName));
  const open: ExecutionRecord[] = [];
  const facts: Fact[] = [];
  for (const execution of await tx.executions.openOf(back.agentId)) {
    const ref = { agentId: back.agentId, executionId: execution.id, attempt: execution.attempt };
    const attempt = await loadAttempt(tx, ref);
    const known = listed.has(attemptName({ execution_id: execution.id, attempt: execution.attempt }));
    if (!known || execution.journalId !== back.journalId) {
      const lost = await loseAttempt(ctx, tx, {
        ...attempt,
        knowledge: knowledgeOf(execution, back.journalId),
      });
      facts.push(...lost.facts);
    } else if (execution.status === 'dispatched' && attempt.current) {
      const started = await startAttempt(ctx, tx, attempt);
      open.push(started.execution);
      facts.push(...started.facts);
    } else {
      open.push(await resumeAttempt(tx, attempt));
    }
  }
  return { open, facts };
}

/** What becomes of an attempt that the router does not count as open. */
function fateOf(execution: ExecutionRecord | null, { agentId }: Return, attempt: number) {
  if (execution === null) return 'strays';
  const isMine = execution.agentId === agentId && execution.attempt === attempt;
  return isMine && execution.stdout === null ? 'abort' : 'settled';
}

/** A store that never was restored knows all that was dispatched: what it does not know an agent made up. */
async function wasRestored({ projectId }: ProjectContext, tx: WriteTx): Promise<boolean> {
  const types = ['project.restored'];
  return (await tx.journal.list(projectId, { types }, { limit: 1 })).length > 0;
}

/**
 * Of what the agent lists and the router does not count as open: ended with a result, or to be stopped. A store that was
 * restored knows nothing of what was dispatched after its backup: nobody will ever take the result of such a stray.
 */
async function sortOthers(
  ctx: ProjectContext,
  tx: WriteTx,
  { back, open }: { readonly back: Return; readonly open: readonly ExecutionRecord[] },
) {
  const openIds = new Set<string>(open.map(({ id }) => id));
  const sorted = { abort: [] as AttemptKey[], settled: [] as AttemptKey[], strays: [] as AttemptKey[] };
  for (const { execution_id, attempt } of back.unacknowledged) {
    if (openIds.has(execution_id)) continue;
    const fate = fateOf(await tx.executions.find(execution_id), back, attempt);
    sorted[fate].push({ execution_id, attempt });
  }
  const { abort, settled, strays } = sorted;
  if (strays.length === 0 || (await wasRestored(ctx, tx)))
    return { abort: [...abort, ...strays], settled, strays: strays.slice(0, STRAYS_MAX) };
  return { abort, settled: [...settled, ...strays], strays: [] };
}

/** Brings the router's open attempts of an agent and the agent's own list together, in one transaction. */
async function agree(ctx: ProjectContext, back: Return) {
  return mutate(ctx, reconcileExecutions, async (tx) => {
    const { open, facts } = await reconcileOpen(ctx, tx, back);
    const { abort, settled, strays } = await sortOthers(ctx, tx, { back, open });
    const asked = await cancelsAsked(tx, open);
    return { result: { open, settled, strays, abort: [...abort, ...asked] }, facts };
  });
}

async function cancelsAsked(tx: WriteTx, open: readonly ExecutionRecord[]): Promise<readonly AttemptKey[]> {
  const asked: AttemptKey[] = [];
  for (const execution of open) {
    const call = await tx.invocations.get(execution.projectId, execution.invocationId);
    if (call?.cancelRequestedAt) asked.push({ execution_id: execution.id, attempt: execution.attempt });
  }
  return asked;
}

/** Settles what is known of an agent's attempts when it says hello, and tells where each of them goes on. */
export async function reconcile(ctx: ProjectContext, back: Return): Promise<Reconciliation> {
  const { open, abort, settled, strays } = await agree(ctx, back);
  const stopping = abort.filter(({ execution_id }) => open.every(({ id }) => id !== execution_id));
  const resumed = [...open.map(({ id, attempt }) => ({ execution_id: id, attempt })), ...stopping];
  const resume = await Promise.all(
    resumed.map(async ({ execution_id, attempt }) => {
      const { stdout, stderr } = await ctx.store.outputs.stored(execution_id);
      return { execution_id, attempt, stdout, stderr };
    }),
  );
  return { open, resume, abort, settled, strays };
}
