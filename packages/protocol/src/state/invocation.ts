import { defineMachine, terminalStates } from './machine.ts';

export const INVOCATION_STATUSES = [
  'queued',
  'pending_approval',
  'running',
  'completed',
  'failed',
  'cancelled',
  'rejected',
  'timeout',
] as const;
export type InvocationStatus = (typeof INVOCATION_STATUSES)[number];

/**
 * The life of a requested call. `requeue` puts an attempt back that is known not to have started, or whose tool
 * may run again; `lose` ends one whose outcome nobody knows. `recallOrder` asks for the end of a call whose order is
 * with an agent that has not answered yet: it may have started, so nobody says that it did not.
 */
export const invocationMachine = defineMachine<InvocationStatus>()({
  refusal: 'invocation_terminal',
  states: INVOCATION_STATUSES,
  arrows: {
    approve: { from: ['pending_approval'], to: 'queued' },
    reject: { from: ['pending_approval'], to: 'rejected' },
    expire: { from: ['pending_approval'], to: 'rejected' },
    escalate: { from: ['pending_approval'], to: 'pending_approval' },
    goStale: { from: ['pending_approval', 'queued'], to: 'rejected' },
    revokeRequester: { from: ['pending_approval', 'queued'], to: 'cancelled' },
    cancel: { from: ['pending_approval', 'queued'], to: 'cancelled' },
    dispatch: { from: ['queued'], to: 'queued' },
    requeue: { from: ['queued', 'running'], to: 'queued' },
    refuseOrder: { from: ['queued'], to: 'failed' },
    outwait: { from: ['queued'], to: 'timeout' },
    start: { from: ['queued'], to: 'running' },
    complete: { from: ['running'], to: 'completed' },
    fail: { from: ['running'], to: 'failed' },
    timeOut: { from: ['running'], to: 'timeout' },
    lose: { from: ['queued', 'running'], to: 'failed' },
    recallOrder: { from: ['queued'], to: 'queued' },
    requestCancel: { from: ['running'], to: 'running' },
    confirmCancel: { from: ['queued', 'running'], to: 'cancelled' },
  },
});
export type InvocationEvent = keyof typeof invocationMachine.arrows;

/** The five ends of an invocation. */
export const INVOCATION_TERMINAL = terminalStates(invocationMachine);
