import { z } from 'zod';
import { WorkspaceId } from '../id.ts';

/** What a report of usage has a row for. */
export const UsageGrouping = z.enum(['day', 'tool', 'workspace']);

/** A day of UTC. */
export const Day = z.iso.date();

const sum = z.int().min(0);

/** Sums over the calls that ended. Times in milliseconds, credit in whole credits. */
export const UsageSums = z.object({
  calls: sum,
  completed: sum,
  failed: sum,
  cancelled: sum,
  rejected: sum,
  timeout: sum,
  run_ms: sum,
  output_bytes: sum,
  credit: sum,
});
export type UsageSums = z.infer<typeof UsageSums>;

/** What a project used between two days, both within, as far as its journal is summed up: to `as_of_seq`. */
export const UsageReport = z
  .object({
    object: z.literal('usage'),
    from: Day,
    to: Day,
    group_by: UsageGrouping,
    rows: z.array(
      UsageSums.extend({
        day: Day.nullable(),
        tool: z.string().nullable(),
        workspace_id: WorkspaceId.nullable(),
      }),
    ),
    totals: UsageSums,
    as_of_seq: z.int().min(0),
  })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof UsageReport>;
