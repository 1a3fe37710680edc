import type { InvocationStatus } from '@xem/protocol';

/** What the life of a call depends on, and no more: written from the table of states, not from the code. */
export interface ModelCall {
  readonly kind: 'read' | 'write' | 'idempotent' | 'gated';
  readonly status: InvocationStatus;
  readonly code: string | null;
  readonly attempt: number;
  readonly losses: number;
  /** The attempt that is under way. */
  readonly open: 'dispatched' | 'running' | null;
  /** The lease of its agent is over and its grace is not. */
  readonly lost: boolean;
  readonly cancelAsked: boolean;
  /** The lease of the agent holds. */
  readonly online: boolean;
  /** The agent refused an order for now. */
  readonly held: boolean;
}

/** Everything that can happen to a call. */
export const MODEL_EVENTS = [
  'approve',
  'reject',
  'cancel',
  'offer',
  'accept',
  'completed',
  'failed',
  'timeout',
  'cancelled',
  'refuseForNow',
  'refuseForGood',
  'lapse',
  'returnWithIt',
  'returnWithout',
  'returnAsAnother',
  'deadline',
  'lateResult',
] as const;
export type ModelEvent = (typeof MODEL_EVENTS)[number];

const LOSSES_MAX = 3;

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'rejected', 'timeout']);

/** Whether nothing moves a call any more. */
export const hasEnded = ({ status }: ModelCall): boolean => ENDED.has(status);

const end = (call: ModelCall, status: InvocationStatus, code: string | null = null): ModelCall => ({
  ...call,
  status,
  code,
  open: null,
  lost: false,
});

const dispatch = (call: ModelCall): ModelCall =>
  call.status === 'queued' && call.open === null && call.online && !call.held
    ? { ...call, open: 'dispatched', attempt: call.attempt + 1 }
    : call;

const requeue = (call: ModelCall): ModelCall => ({ ...call, status: 'queued', open: null, lost: false });

/** The agent is gone and nobody knows what became of the attempt. */
function lose(before: ModelCall): ModelCall {
  const call = { ...before, losses: before.losses + 1 };
  if (call.cancelAsked) return end(call, 'cancelled', 'cancel_unconfirmed');
  if (call.kind === 'write' || call.kind === 'gated') return end(call, 'failed', 'agent_lost');
  return call.losses < LOSSES_MAX ? requeue(call) : end(call, 'failed', 'attempts_exhausted');
}

/** The agent proves that it never started. */
const neverStarted = (call: ModelCall): ModelCall =>
  call.cancelAsked ? end(call, 'cancelled', 'cancelled') : requeue(call);

const back = (call: ModelCall): ModelCall => ({ ...call, online: true, held: false });

function passDeadline(call: ModelCall): ModelCall {
  if (call.status === 'pending_approval') return end(call, 'rejected', 'approval_expired');
  if (call.lost) return lose(call);
  if (call.cancelAsked) return end(call, 'cancelled', 'cancel_unconfirmed');
  return call.status === 'queued'
    ? end(call, 'timeout', 'queue_timeout')
    : end(call, 'timeout', 'tool_timeout');
}

function cancel(call: ModelCall): ModelCall {
  return call.open === null ? end(call, 'cancelled', 'cancelled') : { ...call, cancelAsked: true };
}

function lapse(call: ModelCall): ModelCall {
  const gone = { ...call, online: false };
  if (call.open === null) return gone;
  return call.kind === 'read' ? lose(gone) : { ...gone, lost: true };
}

/** A word of the agent about the attempt, heard on its session only. */
const said =
  (then: (call: ModelCall) => ModelCall) =>
  (call: ModelCall): ModelCall =>
    call.open !== null && call.online ? then(call) : call;

const refused =
  (then: (call: ModelCall) => ModelCall) =>
  (call: ModelCall): ModelCall => {
    if (call.open !== 'dispatched' || !call.online) return call;
    return call.cancelAsked ? end({ ...call, held: true }, 'cancelled', 'cancelled') : then(call);
  };

const NEXT: Readonly<Record<ModelEvent, (call: ModelCall) => ModelCall>> = {
  approve: (call) => (call.status === 'pending_approval' ? dispatch({ ...call, status: 'queued' }) : call),
  reject: (call) => (call.status === 'pending_approval' ? end(call, 'rejected', 'approval_rejected') : call),
  cancel,
  offer: dispatch,
  accept: said((call) => ({ ...call, open: 'running', status: 'running' })),
  completed: said((call) => end(call, 'completed')),
  failed: said((call) => end(call, 'failed', 'tool_exit_nonzero')),
  timeout: said((call) => end(call, 'timeout', 'tool_timeout')),
  cancelled: said((call) =>
    call.cancelAsked ? end(call, 'cancelled', 'cancelled') : end(call, 'failed', 'tool_killed'),
  ),
  refuseForNow: refused((call) => ({ ...requeue(call), held: true })),
  refuseForGood: refused((call) => end(call, 'failed', 'agent_refused')),
  lapse,
  returnWithIt: (call) =>
    call.open === null ? back(call) : { ...back(call), open: 'running', status: 'running', lost: false },
  returnWithout: (call) => {
    if (call.open === null) return back(call);
    return call.open === 'dispatched' ? neverStarted(back(call)) : lose(back(call));
  },
  returnAsAnother: (call) => (call.open === null ? back(call) : lose(back(call))),
  deadline: passDeadline,
  lateResult: (call) => call,
};

/** What an event makes of a call. */
export const nextOf = (call: ModelCall, event: ModelEvent): ModelCall =>
  hasEnded(call) ? { ...call } : NEXT[event](call);

/** A call as it comes in, while its agent is there. */
export const newCall = (kind: ModelCall['kind']): ModelCall =>
  dispatch({
    kind,
    status: kind === 'gated' ? 'pending_approval' : 'queued',
    code: null,
    attempt: 0,
    losses: 0,
    open: null,
    lost: false,
    cancelAsked: false,
    online: true,
    held: false,
  });
