import { ExecutionId, GATED_RISKS, invocationMachine, type AgentId } from '@xem/protocol';
import type { ApprovalRecord, ExecutionRecord, InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { ProjectContext } from '../context.ts';
import type { LiveAgent } from '../fleet/fleet.ts';
import { invocationFact } from '../invocation/facts.ts';
import type { Fact } from '../mutate.ts';
import { released, unpausedOf, waiting } from '../pause/hold.ts';
import { sealOrder } from './order.ts';
import type { SlotGuard } from './slot-guard.ts';

/** A call that was given to an agent, or still waits for one. */
export interface Claim {
  readonly invocation: InvocationRecord;
  readonly execution: ExecutionRecord | null;
  readonly facts: readonly Fact[];
}

interface ClaimRequest {
  readonly invocation: InvocationRecord;
  /** The approval of a gated call; it was checked against the call. */
  readonly approval: ApprovalRecord | null;
  /** Who may run it. */
  readonly agents: readonly AgentId[];
  /** It has not waited yet: what is being offered to calls that do is not for it. */
  readonly newcomer: boolean;
  /** Told of the slot as soon as it is taken. */
  readonly guard: SlotGuard;
  /** An invocation that is inserted after its claim is not saved by it. */
  readonly fresh: boolean;
}

function newExecution(ctx: ProjectContext, call: InvocationRecord, agent: LiveAgent): ExecutionRecord {
  return {
    id: ExecutionId.parse(ctx.ids.uuid()),
    version: 1,
    invocationId: call.id,
    projectId: call.projectId,
    workspaceId: call.workspaceId,
    agentId: agent.agentId,
    tool: call.tool,
    attempt: call.attempt + 1,
    status: 'dispatched',
    journalId: agent.journalId,
    exitCode: null,
    signal: null,
    endedBy: null,
    error: null,
    stdout: null,
    stderr: null,
    evidence: false,
    durationMs: null,
    outputExpiresAt: null,
    createdAt: ctx.clock.now(),
    startedAt: null,
    endedAt: null,
    lostAt: null,
  };
}

/** Takes a place in the workspace and a slot of an agent, both or neither. */
function takePlace(ctx: ProjectContext, { invocation, agents, newcomer, guard }: ClaimRequest) {
  const agent = ctx.fleet.pick(unpausedOf(ctx, invocation, agents), newcomer);
  if (!agent) return null;
  const execution = newExecution(ctx, invocation, agent);
  const { workspaceId, tool, risk } = invocation;
  if (!ctx.occupancy.take({ executionId: execution.id, workspaceId, tool, risk, newcomer })) return null;
  guard.hold(execution);
  ctx.fleet.take(agent.agentId, execution.id);
  return { agent, execution };
}

/** A gated call is claimed with an approval that let it through, or not at all. @throws Error */
function assertDecided({ invocation, approval }: ClaimRequest): void {
  if (!GATED_RISKS.has(invocation.risk) && approval === null) return;
  if (approval?.status === 'approved' && approval.invocationId === invocation.id) return;
  throw new Error(`gated invocation ${invocation.id} reached dispatch without an approval`);
}

/** Leaves a call in the queue, with its clock stopped when a pause holds it there. */
async function wait(ctx: ProjectContext, tx: WriteTx, { invocation, fresh }: ClaimRequest): Promise<Claim> {
  const row = waiting(ctx, invocation);
  const saved = fresh || row === invocation ? row : await tx.invocations.save(row);
  return { invocation: saved, execution: null, facts: [] };
}

/**
 * Gives a queued call to the least loaded of its agents that has a free slot, within the caller's transaction, when
 * the limits of its workspace let it in. Slot and place are taken at once; when the transaction fails the caller
 * releases them. Without them the call stays queued.
 */
export async function claim(ctx: ProjectContext, tx: WriteTx, request: ClaimRequest): Promise<Claim> {
  assertDecided(request);
  const taken = takePlace(ctx, request);
  if (!taken) return wait(ctx, tx, request);
  const { agent, execution } = taken;
  const invocation = {
    ...advance(invocationMachine, released(ctx, request.invocation), 'dispatch'),
    attempt: execution.attempt,
    executionId: execution.id,
    agentId: agent.agentId,
  };
  const order = sealOrder(ctx.identity, {
    invocation,
    execution,
    approval: request.approval,
    session: agent.session ?? '',
    epoch: agent.epoch,
    issuedAt: execution.createdAt,
    isTraced: ctx.settings.isTraced ?? false,
  });
  ctx.orders.put(execution.id, order);
  const saved = request.fresh ? invocation : await tx.invocations.save(invocation);
  if (!request.fresh) await tx.executions.insert(execution);
  const { tool } = saved;
  const { attempt } = execution;
  const data = { tool, attempt, agent_id: agent.agentId, order_sha256: order.sha256 };
  return { invocation: saved, execution, facts: [invocationFact('invocation.dispatched', saved, data)] };
}
