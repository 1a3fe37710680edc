import type { AgentId } from '@xem/protocol';
import type { AgentRecord } from '../../record/agent.ts';
import type { AgentReader, AgentWriter } from '../../store.ts';
import { listOf, type Conditions } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { agent, agentManifest, agentTool } from '../schema/agent.ts';
import { ADMITTED } from '../schema/conditions.ts';
import { prepareQuery, prepareWrite, type Session } from '../session.ts';

const FILTERS: Conditions<Parameters<AgentReader['list']>[1]> = [
  ['status', 't.status = ?'],
  ['workspaceId', 'EXISTS (SELECT 1 FROM workspace_binding WHERE workspace_id = ? AND agent_id = t.id)'],
];

/** The key a rotation brings; written out, so that the planner sees that the partial index fits. */
const NEXT_KEY = "rotation IS NOT NULL AND rotation ->> '$.curveKey'";

/** Reads of agents and of what they published, on one connection. */
export function agentReader(session: Session): AgentReader {
  const rows = rowsOf(session, agent);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const anywhere = rows.select('WHERE t.id = ?');
  const byCurveKey = rows.select(
    `WHERE t.id IN (SELECT id FROM agent WHERE curve_key = ? UNION ALL SELECT id FROM agent WHERE ${NEXT_KEY} = ?)
     ORDER BY t.${ADMITTED} DESC, t.created_at DESC, t.id DESC LIMIT 1`,
  );
  const holders = rows.select(
    `WHERE t.project_id = ? AND t.registration_name = ? AND t.${ADMITTED} ORDER BY t.created_at DESC, t.id DESC`,
  );
  const admitted = prepareQuery<{ agentId: AgentId; curveKey: string }>(
    session,
    `SELECT id AS agentId, curve_key AS curveKey FROM agent INDEXED BY agent_admitted WHERE ${ADMITTED}
     UNION ALL SELECT id, rotation ->> '$.curveKey' FROM agent INDEXED BY agent_next_curve_key
     WHERE ${NEXT_KEY} IS NOT NULL AND ${ADMITTED}`,
  );
  const rotating = rows.select('INDEXED BY agent_next_curve_key WHERE t.rotation IS NOT NULL');
  const paused = rows.select('INDEXED BY agent_paused WHERE t.paused IS NOT NULL');
  const barred = rows.select(
    "WHERE (t.curve_key = ? OR t.signing_key = ?) AND (t.status = 'banned' OR t.credentials_revoked_at IS NOT NULL)",
  );
  const leased = rows.select(`WHERE t.${ADMITTED} AND t.status <> 'offline'`);
  const manifest = rowsOf(session, agentManifest).select('WHERE t.agent_id = ?');
  const tools = rowsOf(session, agentTool);
  const toolsOf = tools.select('WHERE t.agent_id = ? ORDER BY t.name');
  const allTools = tools.select(
    `JOIN agent a INDEXED BY agent_admitted ON a.id = t.agent_id WHERE a.${ADMITTED} ORDER BY t.agent_id, t.name`,
  );
  const list = listOf(rows, 't.project_id = ?', FILTERS);
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, filter, slice) => list(projectId, filter, slice),
    find: async (id) => anywhere.one(id),
    byCurveKey: async (curveKey) => byCurveKey.one(curveKey, curveKey),
    holdersOf: async (projectId, name) => holders.all(projectId, name),
    admitted: async () => admitted.all(),
    paused: async () => paused.all(),
    barred: async ({ curveKey, signingKey }) => barred.one(curveKey, signingKey),
    leased: async () => leased.all(),
    rotating: async () => rotating.all(),
    manifest: async (agentId) => manifest.one(agentId),
    tools: async () => allTools.all(),
    toolsOf: async (agentId) => toolsOf.all(agentId),
  };
}

function publishOf(session: Session): AgentWriter['publish'] {
  const tools = rowsOf(session, agentTool);
  const toolsOf = tools.select('WHERE t.agent_id = ?');
  const insertManifest = rowsOf(session, agentManifest).insert('INSERT OR REPLACE');
  const insertTool = tools.insert();
  const clear = prepareWrite(session, 'DELETE FROM agent_tool WHERE agent_id = ?');
  return async (row, published) => {
    const boundAt = new Map(toolsOf.all(row.agentId).map((tool) => [tool.digest, tool.boundAt]));
    insertManifest(row);
    clear(row.agentId);
    for (const tool of published) {
      insertTool({ ...tool, boundAt: boundAt.get(tool.digest) ?? tool.boundAt });
    }
  };
}

/** Reads and writes of agents. */
export function agentWriter(session: Session): AgentWriter {
  const rows = rowsOf(session, agent);
  const insert = rows.insert();
  const save = rows.save<AgentRecord>(['projectId', 'createdAt']);
  const remove = prepareWrite(session, 'DELETE FROM agent WHERE id = ?');
  return {
    ...agentReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
    publish: publishOf(session),
    remove: async (id) => void remove(id),
  };
}
