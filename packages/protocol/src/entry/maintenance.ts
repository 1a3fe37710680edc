import { z } from 'zod';
import { MaintenanceSeverity } from '../entity/maintenance.ts';
import { Timestamp } from '../id.ts';
import { Reason, row } from './row.ts';

const WINDOW = {
  title: z.string().describe('What it is called'),
  severity: MaintenanceSeverity.describe('What it does to the work that it reaches'),
  starts_at: Timestamp.describe('When it starts'),
  ends_at: Timestamp.nullable().describe('When it ends; null goes on until somebody completes it'),
};
const STEP = { ...WINDOW, reason: Reason.optional() };

/** What the journal hears of windows of maintenance. A step that the router took by itself has no `reason`. */
export const MAINTENANCE_ENTRIES = {
  'maintenance.created': row(null, WINDOW),
  'maintenance.updated': row(null, WINDOW),
  'maintenance.started': row(null, STEP),
  'maintenance.completed': row(null, STEP),
  'maintenance.cancelled': row(null, STEP),
} as const;
