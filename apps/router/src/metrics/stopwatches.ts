import { CALL_ENDS, type EntryType, type PROJECT_METRICS } from '@xem/protocol';

type Measured = Extract<keyof typeof PROJECT_METRICS, `${string}_seconds`>;

/** A time between two entries of one call. */
interface Stopwatch {
  readonly metric: Measured;
  readonly from: EntryType;
  readonly to: readonly EntryType[];
}

/** Beyond so many calls at one time no further ones are measured. */
const CALLS_MAX = 100_000;

const STOPWATCHES: readonly Stopwatch[] = [
  { metric: 'xem_dispatch_wait_seconds', from: 'invocation.queued', to: ['invocation.dispatched'] },
  {
    metric: 'xem_run_seconds',
    from: 'invocation.started',
    to: ['invocation.completed', 'invocation.failed', 'invocation.timeout', 'invocation.cancelled'],
  },
  {
    metric: 'xem_approval_wait_seconds',
    from: 'approval.requested',
    to: [
      'approval.approved',
      'approval.break_glass',
      'approval.rejected',
      'approval.expired',
      'approval.withdrawn',
    ],
  },
  { metric: 'xem_decision_to_start_seconds', from: 'approval.approved', to: ['invocation.started'] },
];

/** Measures times between entries as they are heard. */
export interface Stopwatches {
  /** `nowMs` is monotonic. */
  hear(type: string, call: string, nowMs: number): void;
}

type Step = (call: string, nowMs: number) => void;

/** Stopwatches that tell each time that is over, in seconds. */
export function createStopwatches(tell: (metric: Measured, seconds: number) => void): Stopwatches {
  const steps = new Map<string, Step[]>();
  const on = (type: string, step: Step): void => void steps.set(type, [...(steps.get(type) ?? []), step]);
  for (const { metric, from, to } of STOPWATCHES) {
    const begun = new Map<string, number>();
    for (const type of to)
      on(type, (call, nowMs) => {
        const since = begun.get(call);
        if (since !== undefined && begun.delete(call)) tell(metric, (nowMs - since) / 1000);
      });
    on(from, (call, nowMs) => {
      if (begun.size < CALLS_MAX) begun.set(call, nowMs);
    });
    for (const type of CALL_ENDS) on(type, (call) => void begun.delete(call));
  }
  return {
    hear: (type, call, nowMs) => {
      for (const step of steps.get(type) ?? []) step(call, nowMs);
    },
  };
}
