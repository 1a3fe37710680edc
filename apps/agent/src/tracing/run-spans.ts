import type { WorkOrder } from '@xem/protocol';
import type { Clock, IdSource } from '@xem/runtime';
import { childContext, writeTraceparent, type Tracing } from '@xem/runtime/tracing';
import type { Run } from '../run/run.ts';

/** The span of a run that is being prepared. */
interface RunSpan {
  /** What the tool goes on with. */
  readonly traceparent: string;
  /** Starts the run, and hands the span over once the run has ended. */
  follow(start: () => Run): Run;
}

/** Gives runs spans of their own. */
export interface RunSpans {
  /** Null for an order that is in no trace: nobody would find its span. */
  begin(order: WorkOrder): RunSpan | null;
}

interface RunSpanParts {
  readonly tracing: Tracing;
  readonly clock: Clock;
  readonly ids: IdSource;
}

const isFailure = (status: string): boolean => status !== 'completed' && status !== 'cancelled';

/** Spans of runs, below what their orders name. A run that outlives the agent's process has none. */
export const createRunSpans = ({ tracing, clock, ids }: RunSpanParts): RunSpans => ({
  begin: (order) => {
    if (order.traceparent === undefined) return null;
    const { context, parentSpanId } = childContext(ids, order.traceparent);
    const follow = (start: () => Run): Run => {
      const startMs = clock.now();
      const run = start();
      void run.ended.then(({ status, exit_code: exitCode, error }) =>
        tracing.emit({
          name: `run ${order.tool}`,
          kind: 'consumer',
          context,
          parentSpanId,
          startMs,
          endMs: clock.now(),
          attributes: {
            'xem.invocation_id': order.invocation_id,
            'xem.execution_id': order.execution_id,
            'xem.agent_id': order.agent_id,
            'xem.tool': order.tool,
            'xem.status': status,
            ...(exitCode !== null && { 'xem.exit_code': exitCode }),
          },
          failure: isFailure(status) ? (error?.code ?? status) : null,
        }),
      );
      return run;
    };
    return { traceparent: writeTraceparent(context), follow };
  },
});
