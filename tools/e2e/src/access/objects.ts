import { AgentId, Invocation, JoinKey, Manifest, manifestHash } from '@xem/protocol';
import { z } from 'zod';
import { call, type Role } from '../mesh/api.ts';
import { applyAs, dialAs, intruder } from '../mesh/intruder.ts';
import { until, type Mesh } from '../mesh/mesh.ts';
import type { Objects } from '../operation/row.ts';

const Made = z.looseObject({ id: z.string() });

type Create = (method: 'POST' | 'PUT', path: string, body: object) => Promise<unknown>;

/** Makes things with one key. @throws Error with what was refused */
const creator =
  (mesh: Mesh, as: Role): Create =>
  async (method, path, body) => {
    const answer = await call(mesh, { method, path: `/v1${path}`, as, body });
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  };

const tool = (name: string, risk: string) => ({
  name,
  risk,
  description: 'Does nothing',
  parameters: { type: 'object' },
});

/** Lets an agent into a workspace that takes what it is given and never answers. */
async function lazyAgent(
  mesh: Mesh,
  key: unknown,
  workspace: string,
): Promise<{ readonly agent: string; readonly close: () => Promise<void> }> {
  const who = intruder();
  const joinKey = JoinKey.parse(key);
  const tools = [tool('demo_echo', 'read'), tool('demo_effect', 'destructive')];
  const manifest = Manifest.parse({ manifest_version: 1, workspaces: [{ id: workspace }], tools });
  const enrolled = await applyAs(who, { name: 'lazy', joinKey, manifest });
  if (!enrolled.ok) throw new Error(`the lazy agent was refused: ${JSON.stringify(enrolled)}`);
  let welcomed = false;
  const agentId = AgentId.parse(enrolled.agent_id);
  const heard = { onWelcome: () => void (welcomed = true) };
  const link = dialAs(mesh, who, { joinKey, agentId, heard, manifestHash: manifestHash(manifest) });
  await until('the welcome of the lazy agent', () => welcomed);
  return { agent: agentId, close: () => link.close() };
}

/** The execution of a call, once it is given out. */
async function executionOf(mesh: Mesh, as: Role, id: string): Promise<string> {
  let execution = '';
  await until('the order of a call', async () => {
    const { body } = await call(mesh, { path: `/v1/exec/invocations/${id}`, as });
    execution = Invocation.parse(body).execution_id ?? '';
    return execution !== '';
  });
  return execution;
}

const Deliveries = z.object({ data: z.array(Made) });

/** What a webhook was sent, or was tried to be. */
async function deliveryOf(mesh: Mesh, as: Role, webhook: string): Promise<string> {
  let delivery = '';
  await until('a delivery', async () => {
    const { body } = await call(mesh, { path: `/v1/webhooks/${webhook}/deliveries`, as });
    delivery = Deliveries.parse(body).data[0]?.id ?? '';
    return delivery !== '';
  });
  return delivery;
}

/** Makes one object of each noun with the key of a project that has none. */
export async function makeObjects(mesh: Mesh, as: Role): Promise<Objects> {
  const create = creator(mesh, as);
  const make = async (...what: Parameters<Create>): Promise<string> => Made.parse(await create(...what)).id;
  const webhook = await make('POST', '/webhooks', { url: 'https://hooks.invalid/xem' });
  const workspace = await make('POST', '/workspaces', { name: 'elsewhere' });
  const joinKey = await create('POST', '/management/join-keys', { workspaces: [workspace] });
  const { agent, close } = await lazyAgent(mesh, joinKey, workspace);
  const ask = async (name: string): Promise<Invocation> => {
    const body = { workspace_id: workspace, tool: name, args: {} };
    return Invocation.parse(await create('POST', '/exec/invocations', body));
  };
  const running = await ask('demo_echo');
  const execution = await executionOf(mesh, as, running.id);
  const waiting = await ask('demo_effect');
  const principal = await make('POST', '/management/principals', { kind: 'service', name: 'robot' });
  const draft = { principal_id: principal, name: 'robot', scopes: ['execution'] };
  await close();
  return {
    agent,
    api_key: await make('POST', '/management/api-keys', draft),
    approval: waiting.approval?.id ?? '',
    delivery: await deliveryOf(mesh, as, webhook),
    execution,
    invocation: running.id,
    join_key: Made.parse(joinKey).id,
    maintenance: await make('POST', '/management/maintenance', { title: 'later', severity: 'info' }),
    policy: await make('PUT', '/exec/approval-policies', { preset: 'standard' }),
    principal,
    webhook,
    workspace,
  };
}
