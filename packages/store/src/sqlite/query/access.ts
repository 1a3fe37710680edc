import type { ApiKeyRecord, PrincipalRecord, ProjectRecord } from '../../record/access.ts';
import type { AccessReader, AccessWriter, ApiKeyFilter, PrincipalFilter } from '../../access.ts';
import type { KnownCredentials } from '../known-credentials.ts';
import { listOf } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { apiKey } from '../schema/api-key.ts';
import { browserSession } from '../schema/browser-session.ts';
import { principal } from '../schema/principal.ts';
import { project } from '../schema/project.ts';
import { prepareQuery, prepareWrite, type Session } from '../session.ts';
import { signInLinkReader, signInLinkWriter } from './sign-in-link.ts';

const DECIDERS = `WHERE t.kind = 'human' AND t.disabled = 0 AND t.id IN (
  SELECT k.principal_id FROM api_key k
  WHERE k.project_id = ? AND k.can_decide = 1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)
    AND EXISTS (SELECT 1 FROM json_each(k.scopes) WHERE value = 'execution'))`;

const COUNT_MANAGERS = `
  SELECT count(DISTINCT p.id) AS managers FROM api_key k JOIN principal p ON p.id = k.principal_id
  WHERE k.project_id = ? AND p.id <> ? AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)
    AND p.kind = 'human' AND p.disabled = 0
    AND EXISTS (SELECT 1 FROM json_each(k.scopes) WHERE json_each.value = 'management')`;

const IS_USABLE = `
  SELECT k.id FROM api_key k JOIN principal p ON p.id = k.principal_id
  WHERE k.id = ? AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?) AND p.disabled = 0`;

/** Sessions end by themselves after hours: the few that go on are found by their end. */
const REMOVE_SESSIONS_OF = `
  DELETE FROM browser_session WHERE expires_at >= ? AND key_id IN
    (SELECT k.id FROM principal p JOIN api_key k ON k.project_id = p.project_id AND k.principal_id = p.id
      WHERE p.id = ? AND (? IS NULL OR k.id = ?))`;

type Projects = Pick<AccessReader, 'project' | 'projectBySlug' | 'projects'>;
type People = Pick<AccessReader, 'principal' | 'principals' | 'deciders' | 'countManagersBut'>;
type Keys = Pick<AccessReader, 'apiKey' | 'apiKeys' | 'isUsable' | 'credential' | 'browserSession'>;

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
  const list = listOf<PrincipalRecord, PrincipalFilter>(rows, 't.project_id = ?', [
    ['kind', 't.kind = ?'],
    ['name', 't.name = ?'],
  ]);
  const managers = prepareQuery<{ managers: number }>(session, COUNT_MANAGERS);
  const deciders = rows.select(DECIDERS);
  return {
    principal: async (projectId, id) => byId.one(id, projectId),
    principals: async (projectId, filter, slice) => list(projectId, filter, slice),
    deciders: async (projectId, now) => deciders.all(projectId, now),
    countManagersBut: async (projectId, principalId, now) =>
      managers.one(projectId, principalId, now)?.managers ?? 0,
  };
}

function keyReader(session: Session, known: KnownCredentials | null): Keys {
  const rows = rowsOf(session, apiKey);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const byValue = rows.select('WHERE t.value_sha256 = ?');
  const list = listOf<ApiKeyRecord, ApiKeyFilter>(rows, 't.project_id = ?', [
    ['principalId', 't.principal_id = ?'],
  ]);
  const usable = prepareQuery(session, IS_USABLE);
  const byToken = rowsOf(session, browserSession).select('WHERE t.token_sha256 = ?');
  const owner = rowsOf(session, principal).select('WHERE t.id = ? AND t.project_id = ?');
  const home = rowsOf(session, project).select('WHERE t.id = ?');
  const look = (valueSha256: string) => {
    const key = byValue.one(valueSha256);
    const holder = key && owner.one(key.principalId, key.projectId);
    const place = key && home.one(key.projectId);
    return key && holder && place ? { key, principal: holder, project: place } : null;
  };
  return {
    apiKey: async (projectId, id) => byId.one(id, projectId),
    apiKeys: async (projectId, filter, slice) => list(projectId, filter, slice),
    isUsable: async (id, now) => usable.one(id, now) !== null,
    credential: async (valueSha256) =>
      known ? known.find(valueSha256, () => look(valueSha256)) : look(valueSha256),
    browserSession: async (tokenSha256) => byToken.one(tokenSha256),
  };
}

/** Reads of projects, principals, keys and browser sessions on one connection. */
export const accessReader = (session: Session, known: KnownCredentials | null): AccessReader => ({
  ...projectReader(session),
  ...principalReader(session),
  ...keyReader(session, known),
  ...signInLinkReader(session),
});

/** Reads and writes of projects, principals, keys and browser sessions. */
export function accessWriter(session: Session, known: KnownCredentials): AccessWriter {
  const projects = rowsOf(session, project);
  const changing =
    <Row, Result>(write: (row: Row) => Promise<Result>) =>
    (row: Row): Promise<Result> => {
      known.change();
      return write(row);
    };
  const insertProject = projects.insert();
  const saveProject = projects.save<ProjectRecord>(['createdAt']);
  const insertPrincipal = rowsOf(session, principal).insert();
  const savePrincipal = preparePrincipalSave(session);
  const insertApiKey = rowsOf(session, apiKey).insert();
  const insertBrowserSession = rowsOf(session, browserSession).insert();
  const saveApiKey = prepareApiKeySave(session);
  const remove = prepareWrite(session, 'DELETE FROM browser_session WHERE token_sha256 = ?');
  const removeBefore = prepareWrite(session, 'DELETE FROM browser_session WHERE expires_at < ?');
  const removeOf = prepareWrite(session, REMOVE_SESSIONS_OF);
  return {
    ...accessReader(session, null),
    ...signInLinkWriter(session),
    insertProject: async (row) => void insertProject(row),
    saveProject: changing(async (row) => saveProject(row)),
    insertPrincipal: async (row) => void insertPrincipal(row),
    savePrincipal: changing(async (row) => savePrincipal(row)),
    insertApiKey: async (row) => void insertApiKey(row),
    saveApiKey: changing(async (row) => saveApiKey(row)),
    insertBrowserSession: async (row) => void insertBrowserSession(row),
    removeBrowserSession: async (tokenSha256) => remove(tokenSha256) > 0,
    removeBrowserSessionsBefore: async (now) => void removeBefore(now),
    removeBrowserSessionsOf: async ({ principalId, keyId = null }, now) =>
      void removeOf(now, principalId, keyId, keyId),
  };
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** What may change of a principal; who they are stays. */
function preparePrincipalSave(session: Session): (row: PrincipalRecord) => void {
  const write = prepareWrite(
    session,
    'UPDATE principal SET name = ?, groups = ?, disabled = ?, empowered_at = ? WHERE id = ? AND project_id = ?',
  );
  return ({ id, projectId, name, groups, disabled, empoweredAt }) => {
    const changed = write(name, json(groups), disabled ? 1 : 0, empoweredAt, id, projectId);
    if (changed !== 1) throw new Error(`there is no principal ${id}`);
  };
}

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
