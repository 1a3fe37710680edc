import { defineMachine, terminalStates } from './machine.ts';

export const APPROVAL_STATUSES = ['pending', 'approved', 'rejected', 'expired', 'withdrawn'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** The life of a decision; `vote` is a voice below the quorum. */
export const approvalMachine = defineMachine<ApprovalStatus>()({
  refusal: 'approval_not_pending',
  states: APPROVAL_STATUSES,
  arrows: {
    vote: { from: ['pending'], to: 'pending' },
    escalate: { from: ['pending'], to: 'pending' },
    approve: { from: ['pending'], to: 'approved' },
    reject: { from: ['pending'], to: 'rejected' },
    expire: { from: ['pending'], to: 'expired' },
    withdraw: { from: ['pending'], to: 'withdrawn' },
  },
});
export type ApprovalEvent = keyof typeof approvalMachine.arrows;

export const APPROVAL_TERMINAL = terminalStates(approvalMachine);
