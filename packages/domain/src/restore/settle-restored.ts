import type { InvocationStatus, ProjectId } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { InvocationRecord, Position, WriteTx } from '@xem/store';
import { withdrawApproval } from '../approval/withdraw.ts';
import { internalOperation, systemContext, type WriteContext, type WriteServices } from '../context.ts';
import { endAttempt, openAttemptOf } from '../execution/end.ts';
import { mayRepeat } from '../execution/lose.ts';
import { endBy, type EndCause } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import { mutate, type Fact } from '../mutate.ts';

const restoreProject = internalOperation('project.restore');

/** A backup that a data folder was made of. */
export interface RestoredProject {
  readonly projectId: ProjectId;
  /** When the backup was made, in milliseconds since 1970. */
  readonly madeAt: number;
}

/** States in which a call may have moved on after the backup without a trace of it here. */
const UNSURE = ['pending_approval', 'queued'] as const satisfies readonly InvocationStatus[];

const PAGE = 100;

const ASKED: EndCause = {
  code: 'approval_stale',
  message: 'the router was restored from a backup; whether this was decided and ran since is unknown',
};
const WAITED: EndCause = {
  code: 'agent_lost',
  message: 'the router was restored from a backup; whether this ran since is unknown',
};
const RECALLED: EndCause = {
  code: 'cancel_unconfirmed',
  message: 'cancelled, and the router was restored from a backup before an agent confirmed',
};

function endOf(call: InvocationRecord, now: number): InvocationRecord {
  if (call.status === 'pending_approval') return endBy(call, 'goStale', { now, cause: ASKED });
  if (call.cancelRequestedAt !== null) return endBy(call, 'confirmCancel', { now, cause: RECALLED });
  return endBy(call, 'lose', { now, cause: WAITED });
}

async function endUnsure(ctx: WriteContext, tx: WriteTx, call: InvocationRecord): Promise<readonly Fact[]> {
  const now = ctx.clock.now();
  const attempt = await openAttemptOf(tx, call);
  const lost = await endAttempt(ctx, tx, { attempt, event: 'lose' });
  const withdrawn = await withdrawApproval(tx, call, { now, because: 'restored' });
  const approval =
    withdrawn.length > 0 && call.approval
      ? { ...call.approval, status: 'withdrawn' as const }
      : call.approval;
  const ended = await endCall(tx, { ...endOf(call, now), approval });
  return [...lost, ...withdrawn, ended.fact];
}

/** Ends one call unless it may be repeated. */
const settleOne = (ctx: WriteContext, id: InvocationRecord['id']): Promise<boolean> =>
  mutate(ctx, restoreProject, async (tx) => {
    const call = await tx.invocations.get(ctx.projectId, id);
    const isUnsure = call !== null && UNSURE.some((status) => status === call.status);
    if (!isUnsure || mayRepeat(call)) return { result: false, facts: [] };
    return { result: true, facts: await endUnsure(ctx, tx, call) };
  });

async function settleAllIn(ctx: WriteContext, status: InvocationStatus): Promise<number> {
  let ended = 0;
  let after: Position | undefined;
  do {
    const slice = { limit: PAGE, after };
    const calls = await ctx.store.read.invocations.list(ctx.projectId, { status }, slice);
    const settled = await Promise.all(calls.map(({ id }) => settleOne(ctx, id)));
    ended += settled.filter(Boolean).length;
    after = calls.at(-1);
  } while (after);
  return ended;
}

/**
 * Makes a project of a backup fit to go on. What waited when the backup was made may have run since: it is ended,
 * unless it may be repeated, so that nothing takes effect twice. What ran is left to the agents, who know of it. The
 * journal hears of the restore. Answers how many calls were ended.
 */
export async function settleRestored(
  services: WriteServices,
  { projectId, madeAt }: RestoredProject,
): Promise<number> {
  const ctx = systemContext(services, projectId);
  let ended = 0;
  for (const status of UNSURE) ended += await settleAllIn(ctx, status);
  const data = { backup_made_at: toTimestamp(madeAt), calls_ended: ended };
  const fact: Fact = { type: 'project.restored', subject: { type: 'project', id: projectId }, data };
  await mutate(ctx, restoreProject, async () => ({ result: undefined, facts: [fact] }));
  return ended;
}
