import { defineMachine } from './machine.ts';

export const MAINTENANCE_STATUSES = ['scheduled', 'in_progress', 'completed', 'cancelled'] as const;
export type MaintenanceStatus = (typeof MAINTENANCE_STATUSES)[number];

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
