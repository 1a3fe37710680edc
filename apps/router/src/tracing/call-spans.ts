import type { Services } from '@xem/domain';
import { CALL_ENDS, type ExecutionId, type InvocationId, type JournalEntry } from '@xem/protocol';
import { readTraceparent, spanIdOf, type TraceContext, type Tracing } from '@xem/runtime/tracing';
import type { ExecutionRecord, InvocationRecord } from '@xem/store';
import type { Errands } from '../errands.ts';

interface CallSpanParts {
  readonly services: Services;
  readonly tracing: Tracing;
  readonly errands: Errands;
}

const ATTEMPT_ENDS: ReadonlySet<string> = new Set(['execution.ended', 'execution.refused']);

const isFailure = (status: string): boolean => status !== 'completed' && status !== 'cancelled';

/** The trace of a call that wants to be kept. */
function sampledTrace({ traceparent }: InvocationRecord): TraceContext | null {
  const context = readTraceparent(traceparent);
  return context?.isSampled ? context : null;
}

function emitCall(tracing: Tracing, call: InvocationRecord): void {
  const trace = sampledTrace(call);
  if (!trace) return;
  tracing.emit({
    name: `call ${call.tool}`,
    kind: 'internal',
    context: { ...trace, spanId: spanIdOf(call.id) },
    parentSpanId: trace.spanId,
    startMs: call.createdAt,
    endMs: call.endedAt ?? call.createdAt,
    attributes: {
      'xem.invocation_id': call.id,
      'xem.project_id': call.projectId,
      'xem.workspace_id': call.workspaceId,
      'xem.tool': call.tool,
      'xem.risk': call.risk,
      'xem.status': call.status,
      'xem.attempts': call.attempt,
      ...(call.approval && { 'xem.approval_id': call.approval.id }),
    },
    failure: isFailure(call.status) ? (call.error?.code ?? call.status) : null,
  });
}

function emitAttempt(tracing: Tracing, call: InvocationRecord, attempt: ExecutionRecord): void {
  const trace = sampledTrace(call);
  if (!trace) return;
  tracing.emit({
    name: `dispatch ${call.tool}`,
    kind: 'producer',
    context: { ...trace, spanId: spanIdOf(attempt.id) },
    parentSpanId: spanIdOf(call.id),
    startMs: attempt.createdAt,
    endMs: attempt.endedAt ?? attempt.createdAt,
    attributes: {
      'xem.invocation_id': call.id,
      'xem.execution_id': attempt.id,
      'xem.agent_id': attempt.agentId,
      'xem.attempt': attempt.attempt,
      'xem.status': attempt.status,
    },
    failure: isFailure(attempt.status) ? (attempt.error?.code ?? attempt.status) : null,
  });
}

async function tell(
  { services, tracing }: CallSpanParts,
  entry: JournalEntry,
  id: InvocationId,
): Promise<void> {
  const { invocations, executions } = services.store.read;
  const call = await invocations.get(entry.project_id, id);
  if (!call) return;
  if (CALL_ENDS.has(entry.type)) return emitCall(tracing, call);
  const attempt = await executions.find(entry.refs.execution_id ?? noAttempt(entry));
  if (attempt) emitAttempt(tracing, call, attempt);
}

const noAttempt = ({ id }: JournalEntry): ExecutionId => {
  throw new Error(`entry ${id} names no execution`);
};

/**
 * Makes spans of calls and their attempts when the journal hears of their end, from what the store knows of them: a
 * call may have begun before the router did. Returns what stops it.
 */
export const startCallSpans = (parts: CallSpanParts): (() => void) =>
  parts.services.store.onCommit((entries) => {
    for (const entry of entries) {
      const { invocation_id: id } = entry.refs;
      if (id === undefined || !(CALL_ENDS.has(entry.type) || ATTEMPT_ENDS.has(entry.type))) continue;
      parts.errands.run('trace.tell', () => tell(parts, entry, id));
    }
  });
