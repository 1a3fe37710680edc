import { defineMachine, terminalStates } from './machine.ts';

export const EXECUTION_STATUSES = [
  'dispatched',
  'running',
  'completed',
  'failed',
  'cancelled',
  'timeout',
  'lost',
  'refused',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** The life of one attempt on one agent. */
export const executionMachine = defineMachine<ExecutionStatus>()({
  refusal: 'invalid_state',
  states: EXECUTION_STATUSES,
  arrows: {
    accept: { from: ['dispatched'], to: 'running' },
    refuse: { from: ['dispatched'], to: 'refused' },
    complete: { from: ['running'], to: 'completed' },
    fail: { from: ['running'], to: 'failed' },
    timeOut: { from: ['running'], to: 'timeout' },
    cancel: { from: ['dispatched', 'running'], to: 'cancelled' },
    lose: { from: ['dispatched', 'running'], to: 'lost' },
  },
});
export type ExecutionEvent = keyof typeof executionMachine.arrows;

export const EXECUTION_TERMINAL = terminalStates(executionMachine);
