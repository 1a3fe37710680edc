import type { UsageKey, UsageTotals } from '../../record/credit.ts';
import type { UsageReader, UsageWriter } from '../../metering.ts';
import { prepareQuery, prepareWrite, type Query, type Session } from '../session.ts';

/** What is summed up, by its name in the record and in SQL. */
const SUMMED = {
  calls: 'calls',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  rejected: 'rejected',
  timeout: 'timeout',
  runMs: 'run_ms',
  outputBytes: 'output_bytes',
  credit: 'credit',
} as const satisfies Record<keyof Omit<UsageTotals, 'key'>, string>;

const SUMS = Object.entries(SUMMED)
  .map(([name, column]) => `total(${column}) AS ${name}`)
  .join(', ');

const WITHIN = `project_id = ? AND day BETWEEN ? AND ?
  AND (? IS NULL OR workspace_id = ?) AND (? IS NULL OR tool = ?)`;

/** Days in their order, tools and workspaces by their use; so many at most. */
const GROUPS: Readonly<Record<UsageKey, string>> = {
  day: 'day AS key, $ GROUP BY day ORDER BY day LIMIT 1000',
  tool: 'tool AS key, $ GROUP BY tool ORDER BY calls DESC, tool LIMIT 1000',
  workspace: 'workspace_id AS key, $ GROUP BY workspace_id ORDER BY calls DESC, workspace_id LIMIT 1000',
  all: "'' AS key, $",
};

type Sums = Query<UsageTotals>;

function sumsOf(session: Session): Readonly<Record<UsageKey, Sums>> {
  const prepare = (by: UsageKey): Sums =>
    prepareQuery(session, `SELECT ${GROUPS[by].replace('$', `${SUMS} FROM usage WHERE ${WITHIN}`)}`);
  return {
    day: prepare('day'),
    tool: prepare('tool'),
    workspace: prepare('workspace'),
    all: prepare('all'),
  };
}

/** Reads of what was used on one connection. */
export function usageReader(session: Session): UsageReader {
  const sums = sumsOf(session);
  return {
    sums: async (projectId, { by, from, to, workspaceId = null, tool = null }) =>
      sums[by].all(projectId, from, to, workspaceId, workspaceId, tool, tool),
  };
}

const ADDED = Object.values(SUMMED)
  .map((column) => `${column} = ${column} + excluded.${column}`)
  .join(', ');

/** Reads and writes of what was used. */
export function usageWriter(session: Session): UsageWriter {
  const names = ['project_id', 'day', 'workspace_id', 'tool', ...Object.values(SUMMED)];
  const add = prepareWrite(
    session,
    `INSERT INTO usage (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON CONFLICT (project_id, day, workspace_id, tool) DO UPDATE SET ${ADDED}`,
  );
  return {
    ...usageReader(session),
    add: async (row) => {
      const { projectId, day, workspaceId, tool, calls, completed, failed } = row;
      const { cancelled, rejected, timeout, runMs, outputBytes, credit } = row;
      const ends = [completed, failed, cancelled, rejected, timeout];
      add(projectId, day, workspaceId, tool, calls, ...ends, runMs, outputBytes, credit);
    },
  };
}
