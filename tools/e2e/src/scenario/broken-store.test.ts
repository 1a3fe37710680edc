import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HOUR_MS, Execution, Invocation } from '@xem/protocol';
import { expect, onTestFinished } from 'vitest';
import { expectRefusal } from '../contract/expect-code.ts';
import { readAnswer, type Answer } from '../mesh/api.ts';
import { partsOfMesh, type PartsOfMesh } from '../mesh/apart.ts';
import { until } from '../mesh/mesh.ts';
import { proves } from '../proves.ts';

async function laidOut(): Promise<PartsOfMesh> {
  const mesh = await partsOfMesh();
  onTestFinished(() => mesh.close());
  return mesh;
}

const get = async (mesh: PartsOfMesh, path: string): Promise<Answer> =>
  readAnswer(await mesh.request('GET', path));

const invoke = async (mesh: PartsOfMesh, headers = {}): Promise<Answer> => {
  const body = { workspace_id: mesh.workspaceId, tool: 'demo_echo', args: {} };
  return readAnswer(await mesh.request('POST', '/v1/exec/invocations', { body, headers }));
};

/** Runs SQL on the database of a router, behind its back. */
function tamper(mesh: PartsOfMesh, sql: string): void {
  const database = new DatabaseSync(join(mesh.dir, 'router', 'xem.db'));
  database.exec(sql);
  database.close();
}

const hasTool = (mesh: PartsOfMesh): Promise<void> =>
  until('the tools of the agent', async () => (await get(mesh, '/v1/exec/tools/demo_echo')).status === 200);

proves('codes.http', 'workspace_lookup_failed and internal, while a table is not there', async () => {
  const mesh = await laidOut();
  await mesh.startRouter();
  await mesh.startAgent();
  await hasTool(mesh);
  tamper(mesh, 'ALTER TABLE workspace RENAME TO workspace_gone');
  expectRefusal(await invoke(mesh), 'workspace_lookup_failed');
  expectRefusal(await get(mesh, '/v1/workspaces'), 'internal');
  tamper(mesh, 'ALTER TABLE workspace_gone RENAME TO workspace');
  expect((await invoke(mesh)).status).toBe(201);
});

const TWO_HOURS_MS = 2 * HOUR_MS;

proves('codes.http', 'output_expired, an hour after the end', async () => {
  const mesh = await laidOut();
  const env = { XEM_OUTPUT_RETENTION_HOURS: '1' };
  const before = await mesh.startRouter(env);
  await mesh.startAgent();
  await hasTool(mesh);
  const { execution_id: id } = Invocation.parse((await invoke(mesh, { prefer: 'wait=30' })).body);
  const raw = `/v1/exec/executions/${id}/raw`;
  expect((await get(mesh, raw)).status).toBe(200);
  before.child.kill('SIGTERM');
  await before.ended;
  await mesh.startRouter({ ...env, XEM_WALL_OFFSET_MS: `${TWO_HOURS_MS}` });
  await until('the output to be gone', async () => (await get(mesh, raw)).status !== 200);
  expectRefusal(await get(mesh, raw), 'output_expired');
  Execution.parse((await get(mesh, `/v1/exec/executions/${id}`)).body);
});
