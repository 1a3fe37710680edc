import type { JoinKeyRecord } from '../../record/agent.ts';
import type { JoinKeyReader, JoinKeyWriter } from '../../join-key.ts';
import { listOf } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { joinKey, joinKeyUse } from '../schema/join-key.ts';
import { prepareWrite, type Session } from '../session.ts';

/** Reads of join keys and their uses on one connection. */
export function joinKeyReader(session: Session): JoinKeyReader {
  const rows = rowsOf(session, joinKey);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const anywhere = rows.select('WHERE t.id = ?');
  const uses = rowsOf(session, joinKeyUse);
  const usesOf = uses.select('WHERE t.join_key_id = ? ORDER BY t.reserved_at, t.agent_id');
  const reservedBy = uses.select("WHERE t.agent_id = ? AND t.status = 'reserved' LIMIT 1");
  const lapsed = uses.select("WHERE t.status = 'reserved' AND t.lapses_at <= ? ORDER BY t.lapses_at LIMIT ?");
  const list = listOf(rows, 't.project_id = ?', []);
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, slice) => list(projectId, {}, slice),
    find: async (id) => anywhere.one(id),
    usesOf: async (id) => usesOf.all(id),
    reservedBy: async (agentId) => reservedBy.one(agentId),
    lapsed: async (now, limit) => lapsed.all(now, limit),
  };
}

/** Reads and writes of join keys and their uses. */
export function joinKeyWriter(session: Session): JoinKeyWriter {
  const rows = rowsOf(session, joinKey);
  const insert = rows.insert();
  const save = rows.save<JoinKeyRecord>(['projectId', 'createdAt']);
  const insertUse = rowsOf(session, joinKeyUse).insert();
  const saveUse = prepareWrite(
    session,
    `UPDATE join_key_use SET signing_key = ?, curve_key = ?, status = ?, reserved_at = ?, lapses_at = ?
      WHERE join_key_id = ? AND agent_id = ?`,
  );
  return {
    ...joinKeyReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
    insertUse: async (row) => void insertUse(row),
    saveUse: async ({ joinKeyId, agentId, signingKey, curveKey, status, reservedAt, lapsesAt }) => {
      const changed = saveUse(signingKey, curveKey, status, reservedAt, lapsesAt, joinKeyId, agentId);
      if (changed !== 1) throw new Error(`join key ${joinKeyId} has no use by ${agentId}`);
    },
  };
}
