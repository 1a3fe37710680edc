import { z } from 'zod';
import { call, type Role } from '../mesh/api.ts';
import type { Mesh } from '../mesh/mesh.ts';

const Made = z.looseObject({ id: z.string(), value: z.string().optional() });
const RATE = { per_minute: 1_000_000, burst: 100_000 };

async function make(mesh: Mesh, path: string, body: object): Promise<z.infer<typeof Made>> {
  const answer = await call(mesh, { method: 'POST', path: `/v1/management/${path}`, body });
  return Made.parse(answer.body);
}

async function idsIn(mesh: Mesh, list: string, as: Role): Promise<readonly string[]> {
  const { body } = await call(mesh, { path: `/v1/management/${list}?limit=100`, as });
  const rows = z.array(Made).catch([]).parse(Object(body)['data']);
  return rows.map(({ id }) => id);
}

/** Keys of a fuzzer, and what it must not take away from itself. */
interface FuzzKeys {
  readonly values: readonly string[];
  readonly spared: ReadonlySet<string>;
}

/** Mints keys of several identities with a rate that lets a fuzzer work: people and services, with much, little and nothing. */
export async function mintFuzzKeys(mesh: Mesh): Promise<FuzzKeys> {
  const spared = new Set([...mesh.facts.agent_ids, mesh.facts.project_id]);
  const { id: principal_id } = await make(mesh, 'principals', { kind: 'service', name: 'fuzz' });
  const me = await call(mesh, { path: '/v1/whoami' });
  const person = z.looseObject({ principal: z.looseObject({ id: z.string() }) }).parse(me.body).principal.id;
  const mint = async (owner: string, scopes: readonly string[], more: object = {}): Promise<string> => {
    const body = { principal_id: owner, name: 'fuzz', scopes, rate: RATE, ...more };
    const { id, value = '' } = await make(mesh, 'api-keys', body);
    spared.add(id);
    return value;
  };
  for (const list of ['principals', 'api-keys']) {
    const ids = [...(await idsIn(mesh, list, 'operator')), ...(await idsIn(mesh, list, 'other_project'))];
    for (const id of ids) spared.add(id);
  }
  const all = ['execution', 'inference', 'management', 'break_glass'];
  const values = [
    await mint(person, all, { can_decide: true }),
    await mint(person, all, { can_decide: true }),
    await mint(person, ['execution'], { can_decide: true }),
    await mint(principal_id, ['execution', 'management']),
    await mint(principal_id, ['execution']),
    await mint(principal_id, ['inference']),
    mesh.facts.keys.other_project,
  ];
  return { values, spared };
}

/** Undoes what a key that manages may have done to the project, so that what follows gets further than the gate. */
export async function mend(mesh: Mesh): Promise<void> {
  const project = '/v1/management/project';
  const body = { billing: 'current', rate: RATE, tariff: null };
  await call(mesh, { method: 'PATCH', path: project, body });
  await call(mesh, { method: 'POST', path: `${project}/resume`, body: {} });
  const workspace = `/v1/workspaces/${mesh.facts.workspace_id}`;
  await call(mesh, { method: 'POST', path: `${workspace}/resume`, body: {} });
  const limits = { max: null, per_tool: {}, exclusive_destructive: false };
  await call(mesh, { method: 'PATCH', path: workspace, body: { concurrency: limits } });
  const governed = { workspace_id: mesh.facts.workspace_id, preset: 'standard' };
  await call(mesh, { method: 'PUT', path: '/v1/exec/approval-policies', body: governed });
  const windows = await call(mesh, { path: '/v1/management/maintenance?limit=100' });
  for (const { id, status } of z
    .array(z.looseObject({ id: z.string(), status: z.string() }))
    .catch([])
    .parse(Object(windows.body)['data'])) {
    if (status === 'scheduled' || status === 'in_progress')
      await call(mesh, { method: 'POST', path: `/v1/management/maintenance/${id}/cancel`, body: {} });
  }
}
