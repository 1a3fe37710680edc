import { CALL_ENDS } from '@xem/protocol';
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

/** Types of the entries that say how a call ended. */
const ENDS = [...CALL_ENDS].map((type) => `'${type}'`).join(', ');

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

const ended = (status: string): string => `total(type = 'invocation.${status}')`;

/** What the entry of an end says by itself; an entry from before it told the tool leaves that to its invocation. */
const ROLL = `
  INSERT INTO usage (project_id, day, workspace_id, tool, ${Object.values(SUMMED).join(', ')})
  SELECT project_id, substr(at, 1, 10), refs ->> '$.workspace_id',
    coalesce(data ->> '$.tool', (SELECT i.tool FROM invocation i WHERE i.id = refs ->> '$.invocation_id'), ''),
    count(*), ${['completed', 'failed', 'cancelled', 'rejected', 'timeout'].map(ended).join(', ')},
    total(data ->> '$.duration_ms'), total(data ->> '$.output_bytes'), total(data ->> '$.credit')
  FROM journal WHERE project_id = ? AND type IN (${ENDS}) AND seq > ? AND seq <= ?
  GROUP BY 1, 2, 3, 4
  ON CONFLICT (project_id, day, workspace_id, tool) DO UPDATE SET ${ADDED}`;

/** Reads and writes of what was used. */
export function usageWriter(session: Session): UsageWriter {
  const roll = prepareWrite(session, ROLL);
  return {
    ...usageReader(session),
    rollUp: async (projectId, { after, upTo }) => void roll(projectId, after, upTo),
  };
}
