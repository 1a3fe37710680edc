import { GATED_RISKS, INVOCATION_TERMINAL } from '@xem/protocol';
import type { CallKind, InvocationFilter, InvocationRecord } from '../../record/invocation.ts';
import type { InvocationReader, InvocationWriter } from '../../store.ts';
import { listOf, type Conditions } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { invocation } from '../schema/invocation.ts';
import { OPEN } from '../schema/conditions.ts';
import { prepareQuery, prepareWrite, type Session } from '../session.ts';
import { prepareSettle } from './credit.ts';

const FILTERS: Conditions<InvocationFilter> = [
  ['status', 't.status = ?'],
  ['tool', 't.tool = ?'],
  ['workspaceId', 't.workspace_id = ?'],
  ['agentId', 't.agent_id = ?'],
  ['requestedBy', "t.requested_by ->> '$.id' = ?"],
  ['surface', 't.surface = ?'],
  ['createdAfter', 't.created_at >= ?'],
  ['createdBefore', 't.created_at < ?'],
];

/** What stays as it was at creation. */
const FROZEN = [
  'projectId',
  'workspaceId',
  'tool',
  'risk',
  'domain',
  'toolDigest',
  'idempotent',
  'args',
  'argsSha256',
  'surface',
  'requestedBy',
  'keyId',
  'reason',
  'pinnedAgentId',
  'timeoutMs',
  'rerunOf',
  'traceparent',
  'creditReserved',
  'createdAt',
] as const satisfies readonly (keyof InvocationRecord)[];

/** The queue of one workspace that is not paused, as one agent may take from it; the index holds queued rows only. */
const QUEUED = `
  WHERE t.status = 'queued' AND t.workspace_id = ?
    AND (t.pinned_agent_id IS NULL OR t.pinned_agent_id = ?)
    AND NOT (? AND t.risk IN (${[...GATED_RISKS].map((risk) => `'${risk}'`).join(', ')}))
    AND t.tool NOT IN (SELECT value FROM json_each(?))
    AND EXISTS (SELECT 1 FROM workspace WHERE id = ? AND paused IS NULL)
    AND EXISTS (SELECT 1 FROM agent_tool WHERE agent_id = ? AND digest = t.tool_digest AND held_behind IS NULL)
    AND NOT EXISTS (SELECT 1 FROM execution WHERE invocation_id = t.id AND ${OPEN})
  ORDER BY t.queued_at, t.id LIMIT ?`;

function queuedForOf(session: Session): InvocationReader['queuedFor'] {
  const queued = rowsOf(session, invocation).select(QUEUED);
  return async ({ agentId, workspaceId, withoutGated, withoutTools }, limit) => {
    const tools = JSON.stringify(withoutTools);
    return queued.all(workspaceId, agentId, withoutGated ? 1 : 0, tools, workspaceId, agentId, limit);
  };
}

const QUEUED_KINDS = `
  SELECT DISTINCT t.project_id AS projectId, t.workspace_id AS workspaceId, t.tool, t.tool_digest AS toolDigest,
    t.pinned_agent_id AS pinnedAgentId
  FROM workspace w JOIN invocation t ON t.workspace_id = w.id AND t.status = 'queued' WHERE w.project_id = ?`;

/** The queued calls of one kind; one that an agent has is under way, whatever is paused. */
const OF_KIND = `status = 'queued' AND workspace_id = ? AND tool_digest = ? AND pinned_agent_id IS ?`;
const UNTAKEN = `NOT EXISTS (
  SELECT 1 FROM execution e WHERE e.invocation_id = invocation.id AND e.${OPEN})`;

const scopeOf = ({ workspaceId, toolDigest, pinnedAgentId }: CallKind) =>
  [workspaceId, toolDigest, pinnedAgentId] as const;

/** Writes of the clocks of many calls at once: a pause may find ten thousand of them. */
function clocksOf(session: Session): Pick<InvocationWriter, 'hold' | 'release'> {
  const hold = prepareWrite(
    session,
    `UPDATE invocation SET version = version + 1, held_at = ?, held_remaining_ms = max(deadline_at - ?, 0),
      deadline_at = ? WHERE ${OF_KIND} AND held_at IS NULL AND ${UNTAKEN}`,
  );
  const release = prepareWrite(
    session,
    `UPDATE invocation SET version = version + 1, deadline_at = ? + held_remaining_ms, held_at = NULL,
      held_remaining_ms = NULL WHERE ${OF_KIND} AND held_at IS NOT NULL`,
  );
  return {
    hold: async (kind, { at, until }) => void hold(at, at, until, ...scopeOf(kind)),
    release: async (kind, now) => void release(now, ...scopeOf(kind)),
  };
}

/** Reads of invocations on one connection. */
export function invocationReader(session: Session): InvocationReader {
  const rows = rowsOf(session, invocation);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const due = rows.select('WHERE t.deadline_at <= ? ORDER BY t.deadline_at LIMIT ?');
  const counted = prepareQuery<{ calls: number }>(
    session,
    'SELECT count(*) AS calls FROM invocation t WHERE t.project_id = ? AND t.status = ?',
  );
  const oldest = prepareQuery<{ at: number | null }>(
    session,
    'SELECT min(created_at) AS at FROM invocation t WHERE t.project_id = ? AND t.status = ?',
  );
  const kinds = prepareQuery<CallKind>(session, QUEUED_KINDS);
  const list = listOf(rows, 't.project_id = ?', FILTERS);
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, filter, slice) => list(projectId, filter, slice),
    due: async (now, limit) => due.all(now, limit),
    queuedFor: queuedForOf(session),
    count: async (projectId, status) => counted.one(projectId, status)?.calls ?? 0,
    oldest: async (projectId, status) => oldest.one(projectId, status)?.at ?? null,
    queuedKinds: async (projectId) => kinds.all(projectId),
  };
}

/**
 * Saves of calls that go on, and of those that have ended. They are kept apart so that no call ends without saying what
 * it cost.
 */
function savesOf(session: Session): Pick<InvocationWriter, 'save' | 'end'> {
  const save = rowsOf(session, invocation).save<InvocationRecord>(FROZEN);
  const settle = prepareSettle(session);
  return {
    save: async (row) => {
      if (INVOCATION_TERMINAL.has(row.status)) throw new Error(`invocation ${row.id} has ended: end it`);
      return save(row);
    },
    end: async (row, price) => {
      const { id, projectId, status, creditReserved } = row;
      if (!INVOCATION_TERMINAL.has(status)) throw new Error(`invocation ${id} has not ended: ${status}`);
      const kept = creditReserved ?? 0;
      if (price < 0 || price > kept) throw new Error(`invocation ${id} costs ${price}, kept back: ${kept}`);
      const saved = save(row);
      if (kept > 0) settle(projectId, kept, price);
      return saved;
    },
  };
}

/** Reads and writes of invocations. */
export function invocationWriter(session: Session): InvocationWriter {
  const insert = rowsOf(session, invocation).insert();
  return {
    ...invocationReader(session),
    insert: async (row) => void insert(row),
    ...savesOf(session),
    ...clocksOf(session),
  };
}
