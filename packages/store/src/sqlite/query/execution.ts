import type { AgentId } from '@xem/protocol';
import type { ExecutionFilter, ExecutionRecord } from '../../record/execution.ts';
import type { ExecutionReader, ExecutionWriter } from '../../store.ts';
import { listOf, type Conditions } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { execution } from '../schema/execution.ts';
import { OPEN } from '../schema/conditions.ts';
import { prepareQuery, type Session } from '../session.ts';

const FILTERS: Conditions<ExecutionFilter> = [
  ['status', 't.status = ?'],
  ['tool', 't.tool = ?'],
  ['workspaceId', 't.workspace_id = ?'],
  ['agentId', 't.agent_id = ?'],
  ['invocationId', 't.invocation_id = ?'],
  ['createdAfter', 't.created_at >= ?'],
  ['createdBefore', 't.created_at < ?'],
];

/** What stays as it was at dispatch. */
const FROZEN = [
  'invocationId',
  'projectId',
  'workspaceId',
  'agentId',
  'tool',
  'attempt',
  'createdAt',
] as const satisfies readonly (keyof ExecutionRecord)[];

/** Reads of executions on one connection. */
export function executionReader(session: Session): ExecutionReader {
  const rows = rowsOf(session, execution);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const anywhere = rows.select('WHERE t.id = ?');
  const openOf = rows.select(`WHERE t.agent_id = ? AND t.${OPEN} ORDER BY t.created_at, t.id`);
  const holders = prepareQuery<{ id: AgentId }>(
    session,
    `SELECT DISTINCT agent_id AS id FROM execution INDEXED BY execution_open WHERE ${OPEN}`,
  );
  const list = listOf(rows, 't.project_id = ?', FILTERS);
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, filter, slice) => list(projectId, filter, slice),
    find: async (id) => anywhere.one(id),
    openOf: async (agentId) => openOf.all(agentId),
    agentsWithOpen: async () => holders.all().map(({ id }) => id),
  };
}

/** Reads and writes of executions. */
export function executionWriter(session: Session): ExecutionWriter {
  const rows = rowsOf(session, execution);
  const insert = rows.insert();
  const save = rows.save<ExecutionRecord>(FROZEN);
  return {
    ...executionReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
  };
}
