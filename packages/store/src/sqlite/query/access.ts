import type { ApiKeyRecord, ProjectRecord } from '../../record/access.ts';
import type { AccessReader, AccessWriter } from '../../store.ts';
import { listOf } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { apiKey } from '../schema/api-key.ts';
import { browserSession } from '../schema/browser-session.ts';
import { principal } from '../schema/principal.ts';
import { project } from '../schema/project.ts';
import { prepareWrite, type Session } from '../session.ts';

const DECIDERS = `WHERE t.kind = 'human' AND t.disabled = 0 AND t.id IN (
  SELECT k.principal_id FROM api_key k
  WHERE k.project_id = ? AND k.can_decide = 1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)
    AND EXISTS (SELECT 1 FROM json_each(k.scopes) WHERE value = 'execution'))`;

type Projects = Pick<AccessReader, 'project' | 'projectBySlug' | 'projects'>;
type People = Pick<AccessReader, 'principal' | 'principals' | 'deciders'>;
type Keys = Pick<AccessReader, 'apiKey' | 'apiKeys' | 'credential' | 'browserSession'>;

function projectReader(session: Session): Projects {
  const rows = rowsOf(session, project);
  const byId = rows.select('WHERE t.id = ?');
  const bySlug = rows.select('WHERE t.slug = ?');
  const all = rows.select('ORDER BY t.created_at, t.id');
  return {
    project: async (id) => byId.one(id),
    projectBySlug: async (slug) => bySlug.one(slug),
    projects: async () => all.all(),
  };
}

function principalReader(session: Session): People {
  const rows = rowsOf(session, principal);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const list = listOf(rows, 't.project_id = ?', []);
  const deciders = rows.select(DECIDERS);
  return {
    principal: async (projectId, id) => byId.one(id, projectId),
    principals: async (projectId, slice) => list(projectId, {}, slice),
    deciders: async (projectId, now) => deciders.all(projectId, now),
  };
}

function keyReader(session: Session): Keys {
  const rows = rowsOf(session, apiKey);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const byValue = rows.select('WHERE t.value_sha256 = ?');
  const list = listOf(rows, 't.project_id = ?', []);
  const byToken = rowsOf(session, browserSession).select('WHERE t.token_sha256 = ?');
  const owner = rowsOf(session, principal).select('WHERE t.id = ? AND t.project_id = ?');
  const home = rowsOf(session, project).select('WHERE t.id = ?');
  return {
    apiKey: async (projectId, id) => byId.one(id, projectId),
    apiKeys: async (projectId, slice) => list(projectId, {}, slice),
    credential: async (valueSha256) => {
      const key = byValue.one(valueSha256);
      const holder = key && owner.one(key.principalId, key.projectId);
      const place = key && home.one(key.projectId);
      return key && holder && place ? { key, principal: holder, project: place } : null;
    },
    browserSession: async (tokenSha256) => byToken.one(tokenSha256),
  };
}

/** Reads of projects, principals, keys and browser sessions on one connection. */
export const accessReader = (session: Session): AccessReader => ({
  ...projectReader(session),
  ...principalReader(session),
  ...keyReader(session),
});

/** Reads and writes of projects, principals, keys and browser sessions. */
export function accessWriter(session: Session): AccessWriter {
  const projects = rowsOf(session, project);
  const insertProject = projects.insert();
  const saveProject = projects.save<ProjectRecord>(['createdAt']);
  const insertPrincipal = rowsOf(session, principal).insert();
  const insertApiKey = rowsOf(session, apiKey).insert();
  const insertBrowserSession = rowsOf(session, browserSession).insert();
  const saveApiKey = prepareApiKeySave(session);
  const remove = prepareWrite(session, 'DELETE FROM browser_session WHERE token_sha256 = ?');
  const removeBefore = prepareWrite(session, 'DELETE FROM browser_session WHERE expires_at < ?');
  return {
    ...accessReader(session),
    insertProject: async (row) => void insertProject(row),
    saveProject: async (row) => saveProject(row),
    insertPrincipal: async (row) => void insertPrincipal(row),
    insertApiKey: async (row) => void insertApiKey(row),
    saveApiKey: async (row) => saveApiKey(row),
    insertBrowserSession: async (row) => void insertBrowserSession(row),
    removeBrowserSession: async (tokenSha256) => void remove(tokenSha256),
    removeBrowserSessionsBefore: async (now) => void removeBefore(now),
  };
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** What may change of a key; the rest is what was granted. */
function prepareApiKeySave(session: Session): (row: ApiKeyRecord) => void {
  const write = prepareWrite(
    session,
    `UPDATE api_key SET name = ?, scopes = ?, can_decide = ?, rate = ?, endpoints = ?, ip_allow = ?, expires_at = ?,
      last_used_at = ?, revoked_at = ? WHERE id = ? AND project_id = ?`,
  );
  return (row) => {
    const { name, scopes, canDecide, rate, endpoints, ipAllow, expiresAt, lastUsedAt, revokedAt } = row;
    const lists = [json(scopes), canDecide ? 1 : 0, json(rate), json(endpoints), json(ipAllow)];
    const changed = write(name, ...lists, expiresAt, lastUsedAt, revokedAt, row.id, row.projectId);
    if (changed !== 1) throw new Error(`there is no API key ${row.id}`);
  };
}
