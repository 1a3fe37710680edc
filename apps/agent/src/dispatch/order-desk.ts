import { ExecError } from '@xem/errors';
import type { AgentId, AttemptKey, DispatchBody, ProjectId, WorkOrder } from '@xem/protocol';
import type { Log } from '@xem/runtime';
import type { Durability, Journal } from '../journal/journal.ts';
import type { Run } from '../run/run.ts';
import type { Admission } from './admission.ts';
import type { Attempts } from './attempts.ts';
import { checkOrder } from './check-order.ts';
import type { RunSpans } from '../tracing/run-spans.ts';
import type { Line } from './line.ts';
import { readOrder, type Addressee, type RefusalWords } from './read-order.ts';
import { lostResult } from './result.ts';
import type { OwnTool, ToolHost } from './tool-host.ts';

/** Takes orders: judges them, starts them once, answers what is already known. */
export interface OrderDesk {
  take(body: DispatchBody, addressee: Addressee): void;
}

interface DeskContext {
  readonly agentId: AgentId;
  readonly projectId: ProjectId;
  readonly host: ToolHost;
  readonly journal: Journal;
  readonly attempts: Attempts;
  readonly admission: Admission;
  readonly line: Line;
  readonly log: Log;
  /** Gives runs spans of their own, where somebody collects them. */
  readonly runSpans?: RunSpans | null;
}

const MESSAGE_LENGTH_MAX = 1000;

const keyOf = ({ execution_id, attempt }: WorkOrder): AttemptKey => ({ execution_id, attempt });

function refuse({ line, log }: DeskContext, key: AttemptKey, { reason, message }: RefusalWords): void {
  log.info('order.refused', { ...key, reason, why: message });
  line.send({
    kind: 'refuse',
    body: { v: 1, ...key, reason, message: message.slice(0, MESSAGE_LENGTH_MAX) },
  });
}

const accept = ({ line }: DeskContext, key: AttemptKey): void =>
  void line.send({ kind: 'accept', body: { v: 1, ...key } });

/** An order may come again; it is answered from the journal and never run again. */
function answerKnown(ctx: DeskContext, key: AttemptKey): boolean {
  const known = ctx.journal.find(key);
  if (!known) return false;
  ctx.log.info('order.replayed', { ...key, state: known.state });
  accept(ctx, key);
  if (known.isAcknowledged && known.result) ctx.line.send({ kind: 'result', body: known.result });
  else ctx.attempts.find(key)?.delivery.repeat();
  return true;
}

/** What may not be repeated must be on disk before it begins; what leaves no process behind need not wait at all. */
function durabilityOf({ definition, isResident }: OwnTool): Durability {
  if (definition.risk !== 'read') return 'synced';
  return isResident ? 'behind' : 'written';
}

type StartRun = ReturnType<ToolHost['prepare']>;

function prepare({ host, runSpans }: DeskContext, order: WorkOrder): StartRun {
  const span = runSpans?.begin(order) ?? null;
  const start = host.prepare({
    key: keyOf(order),
    invocationId: order.invocation_id,
    tool: order.tool,
    workspaceId: order.workspace_id,
    args: order.args,
    timeoutMs: order.timeout_ms,
    traceparent: span?.traceparent ?? order.traceparent ?? null,
  });
  return span ? () => span.follow(start) : start;
}

/** What this very host will not do with its own tool, whatever the router says. */
function prepareOrRefuse(ctx: DeskContext, order: WorkOrder): StartRun | RefusalWords {
  try {
    return prepare(ctx, order);
  } catch (err) {
    if (err instanceof ExecError) return { reason: 'local_policy', message: err.message };
    ctx.log.error('order.not_prepared', { ...keyOf(order), err });
    return { reason: 'local_policy', message: 'the tool cannot be prepared on this host' };
  }
}

function startRun({ log }: DeskContext, key: AttemptKey, start: StartRun): Run | null {
  try {
    return start();
  } catch (err) {
    log.error('order.start_failed', { ...key, err });
    return null;
  }
}

interface Prepared {
  readonly key: AttemptKey;
  readonly own: OwnTool;
  readonly startNow: StartRun;
}

function begin(ctx: DeskContext, { key, own, startNow }: Prepared): void {
  const run = startRun(ctx, key, startNow);
  accept(ctx, key);
  if (run) {
    ctx.journal.markRunning(key);
    ctx.attempts.follow(run, own.isResident);
    return;
  }
  const message = 'something of this attempt is on the host already, and the agent does not know it';
  const lost = lostResult(key, message);
  ctx.journal.end(key, lost);
  ctx.attempts.settle(lost, null);
}

function takeIn(ctx: DeskContext, order: WorkOrder, own: OwnTool): void {
  const key = keyOf(order);
  const startNow = prepareOrRefuse(ctx, order);
  if (typeof startNow !== 'function') return refuse(ctx, key, startNow);
  try {
    ctx.journal.accept({ key, expiresAt: Date.parse(order.expires_at) }, durabilityOf(own));
  } catch (err) {
    ctx.log.error('journal.write_failed', { ...key, err });
    return refuse(ctx, key, { reason: 'slots', message: 'the journal of the agent cannot be written' });
  }
  return begin(ctx, { key, own, startNow });
}

/** Without the journal nobody can say that this attempt has not run. */
function answerKnownOrRefuse(ctx: DeskContext, key: AttemptKey): boolean {
  try {
    return answerKnown(ctx, key);
  } catch (err) {
    ctx.log.error('journal.read_failed', { ...key, err });
    refuse(ctx, key, { reason: 'slots', message: 'the journal of the agent cannot be read' });
    return true;
  }
}

function judge(ctx: DeskContext, order: WorkOrder, isSigned: boolean): void {
  const key = keyOf(order);
  if (answerKnownOrRefuse(ctx, key)) return;
  const own = ctx.host.tools.get(order.tool) ?? null;
  const refusal =
    checkOrder({ order, isSigned, projectId: ctx.projectId, own }) ??
    ctx.admission.refusalOf(order, ctx.attempts.inFlight());
  if (refusal) return refuse(ctx, key, refusal);
  if (own) takeIn(ctx, order, own);
}

/** A desk for the orders of one agent. */
export const createOrderDesk = (ctx: DeskContext): OrderDesk => ({
  take: (body, addressee) => {
    const reading = readOrder(body, addressee);
    switch (reading.kind) {
      case 'dead':
        return ctx.log.warn('order.dead', { why: reading.why });
      case 'refused':
        return refuse(ctx, reading.key, reading.refusal);
      case 'order':
        return judge(ctx, reading.order, reading.isSigned);
    }
  },
});
