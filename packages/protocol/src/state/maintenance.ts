import { defineMachine, terminalStates } from './machine.ts';

export const MAINTENANCE_STATUSES = ['scheduled', 'in_progress', 'completed', 'cancelled'] as const;
export type MaintenanceStatus = (typeof MAINTENANCE_STATUSES)[number];

/** How much a window weighs: while a critical one is in progress new calls are refused, the others only tell. */
export const MAINTENANCE_SEVERITIES = ['info', 'warning', 'critical'] as const;

/** The life of a maintenance window. */
export const maintenanceMachine = defineMachine<MaintenanceStatus>()({
  refusal: 'already_terminal',
  states: MAINTENANCE_STATUSES,
  arrows: {
    start: { from: ['scheduled'], to: 'in_progress' },
    complete: { from: ['in_progress'], to: 'completed' },
    cancel: { from: ['scheduled', 'in_progress'], to: 'cancelled' },
  },
});

export const MAINTENANCE_TERMINAL = terminalStates(maintenanceMachine);
