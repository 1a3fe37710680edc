import type { Ground } from './ground.ts';
import type { Recipe } from './recipes.ts';

const NOTHING: Recipe = () => ({});
const PAGE: Recipe = () => ({ limit: 1 });
const ofSpare: Recipe = async ({ spare }) => ({ id: await spare() });
const ofWorkspace: Recipe = ({ workspace }) => ({ workspace_id: workspace });

const service = ({ idOf }: Ground): Promise<string> =>
  idOf('principal.create', { kind: 'service', name: 'a service' });

const ofPrincipal: Recipe = async (ground) => ({ id: await service(ground) });

const keyOf = async (ground: Ground): Promise<string> =>
  ground.idOf('api_key.create', {
    principal_id: await service(ground),
    name: 'a key',
    scopes: ['execution'],
  });

const ofKey =
  (more: Readonly<Record<string, unknown>> = {}): Recipe =>
  async (ground) => ({ id: await keyOf(ground), ...more });

/** A window far away, which keeps nobody out. */
const WINDOW = { title: 'A window', severity: 'info', starts_at: '2199-01-01T00:00:00.000Z' };

const ofWindow: Recipe = async ({ idOf }) => ({ id: await idOf('maintenance.create', WINDOW) });

const ofStarted: Recipe = async ({ idOf }) => {
  const id = await idOf('maintenance.create', WINDOW);
  return { id: await idOf('maintenance.start', { id }) };
};

async function bound({ idOf, make, agent }: Ground): Promise<Readonly<Record<string, unknown>>> {
  const workspace_id = await idOf('workspace.create', { name: 'bound' });
  await make('workspace.bind', { workspace_id, agent_id: agent });
  return { workspace_id, agent_id: agent };
}

/** How the operations that manage a project are asked so that they answer. */
export const MANAGEMENT_RECIPES: Readonly<Record<string, Recipe>> = {
  'agent.pause': ofSpare,
  'agent.resume': async ({ make, spare }) => {
    const id = await spare();
    await make('agent.pause', { id });
    return { id };
  },
  'agent.update': async ({ spare }) => ({ id: await spare(), region: 'north' }),
  'agent.evict': ofSpare,
  'agent.ban': ofSpare,
  'agent.revoke_credentials': ofSpare,
  'agent.delete': ofSpare,
  'agent.curve_rotate': ({ agent }) => ({ id: agent }),
  'workspace.list': PAGE,
  'workspace.get': ofWorkspace,
  'workspace.create': () => ({ name: 'made', type: 'cluster', model: 'none' }),
  'workspace.update': async ({ idOf }) => ({
    workspace_id: await idOf('workspace.create', { name: 'changed' }),
    concurrency: { max: 3, per_tool: { demo_echo: 1 }, exclusive_destructive: true },
  }),
  'workspace.bindings': ofWorkspace,
  'workspace.bind': async ({ idOf, agent }) => ({
    workspace_id: await idOf('workspace.create', { name: 'bound' }),
    agent_id: agent,
  }),
  'workspace.unbind': bound,
  'workspace.pause': async ({ idOf }) => ({
    workspace_id: await idOf('workspace.create', { name: 'paused' }),
    reason: 'for a while',
  }),
  'workspace.resume': async ({ idOf, make }) => {
    const workspace_id = await idOf('workspace.create', { name: 'resumed' });
    await make('workspace.pause', { workspace_id });
    return { workspace_id };
  },
  'join_key.list': PAGE,
  'join_key.create': ({ workspace }) => ({ name: 'somebody', workspaces: [workspace] }),
  'join_key.revoke': async ({ idOf }) => ({ id: await idOf('join_key.create', {}) }),
  'principal.list': PAGE,
  'principal.get': ofPrincipal,
  'principal.create': () => ({ kind: 'service', name: 'a service', groups: ['robots'] }),
  'principal.update': async (ground) => ({ id: await service(ground), groups: ['robots'] }),
  'principal.sign_in_link': async ({ idOf }) => ({
    id: await idOf('principal.create', { kind: 'human', name: 'A person' }),
  }),
  'api_key.list': PAGE,
  'api_key.get': ofKey(),
  'api_key.create': async (ground) => ({
    principal_id: await service(ground),
    name: 'a key',
    scopes: ['execution'],
    ip_allow: ['127.0.0.0/8'],
    endpoints: ['tool.*'],
  }),
  'api_key.rotate': ofKey({ grace_seconds: 60 }),
  'api_key.quota': ofKey({ per_minute: 100, burst: 10 }),
  'api_key.ip_filter': ofKey({ ip_allow: ['127.0.0.1/32'] }),
  'api_key.endpoints': ofKey({ endpoints: ['execution.get'] }),
  'api_key.revoke': ofKey(),
  'project.get': NOTHING,
  'project.update': () => ({ name: 'Renamed' }),
  'project.top_up': () => ({ credits: 1000 }),
  'project.pause': () => ({ reason: 'for a moment' }),
  'project.resume': NOTHING,
  'usage.report': () => ({ group_by: 'tool' }),
  'maintenance.list': PAGE,
  'maintenance.get': ofWindow,
  'maintenance.create': () => WINDOW,
  'maintenance.update': async ({ idOf }) => ({
    id: await idOf('maintenance.create', WINDOW),
    title: 'Another',
  }),
  'maintenance.start': ofWindow,
  'maintenance.complete': ofStarted,
  'maintenance.cancel': ofWindow,
};
