import { DAY_MS, type AgentId } from '@xem/protocol';
import type { CallKind, InvocationRecord, WriteTx } from '@xem/store';
import { internalOperation, type ProjectContext } from '../context.ts';
import { candidatesOf } from '../invocation/target.ts';
import { mutate } from '../mutate.ts';

const reviewCalls = internalOperation('invocation.review_holds');

/** A call's clock stands still under a pause for this long at most. */
const HOLD_MS_MAX = DAY_MS;

const isPlacePaused = ({ pauses }: ProjectContext, { projectId, workspaceId }: CallKind): boolean =>
  pauses.isPaused(projectId) || pauses.isPaused(workspaceId);

/** Whether a pause keeps a call from every agent that could take it, online or not. */
function isHeld(ctx: ProjectContext, kind: CallKind): boolean {
  if (ctx.pauses.isEmpty()) return false;
  if (isPlacePaused(ctx, kind)) return true;
  const agents = candidatesOf(ctx, kind);
  return agents.length > 0 && agents.every((id) => ctx.pauses.isPaused(id));
}

/** Whether an agent takes no work at all: it is paused, or its project is. */
export const isIdle = ({ pauses, projectId }: ProjectContext, agentId: AgentId): boolean =>
  pauses.isPaused(agentId) || pauses.isPaused(projectId);

/** Of some agents those that no pause keeps from a call. */
export function unpausedOf(
  ctx: ProjectContext,
  kind: CallKind,
  agents: readonly AgentId[],
): readonly AgentId[] {
  if (ctx.pauses.isEmpty()) return agents;
  return isPlacePaused(ctx, kind) ? [] : agents.filter((id) => !ctx.pauses.isPaused(id));
}

/** A call that goes on waiting: when a pause holds it, its clock stands still from now on. */
export function waiting(ctx: ProjectContext, call: InvocationRecord): InvocationRecord {
  if (call.heldAt !== null || !isHeld(ctx, call)) return call;
  const now = ctx.clock.now();
  const heldRemainingMs = Math.max(0, (call.deadlineAt ?? now) - now);
  return { ...call, heldAt: now, heldRemainingMs, deadlineAt: now + HOLD_MS_MAX };
}

/** A call that a pause holds no more: its clock runs on with what was left. */
export const released = ({ clock }: ProjectContext, call: InvocationRecord): InvocationRecord =>
  call.heldAt === null
    ? call
    : {
        ...call,
        heldAt: null,
        heldRemainingMs: null,
        deadlineAt: clock.now() + (call.heldRemainingMs ?? 0),
      };

/** Stops and starts the clocks of everything that waits in the project, as the pauses are now. */
export async function review(ctx: ProjectContext, tx: WriteTx): Promise<void> {
  const at = ctx.clock.now();
  for (const kind of await tx.invocations.queuedKinds(ctx.projectId)) {
    if (isHeld(ctx, kind)) await tx.invocations.hold(kind, { at, until: at + HOLD_MS_MAX });
    else await tx.invocations.release(kind, at);
  }
}

/** The same after agents came or went, which may leave a call to agents that are all paused. */
export const reviewHolds = async (ctx: ProjectContext): Promise<void> => {
  if (ctx.pauses.isEmpty()) return;
  await mutate<void>(ctx, reviewCalls, async (tx) => {
    await review(ctx, tx);
    return { result: undefined, facts: [] };
  });
};
