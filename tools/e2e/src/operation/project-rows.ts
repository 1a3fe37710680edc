import type { OperationId } from '@xem/client';
import type { Ground } from '../contract/ground.ts';
import { because, HUMANS, PLAIN, type About, type Row } from './row.ts';

const service = ({ idOf }: Ground): Promise<string> =>
  idOf('principal.create', { kind: 'service', name: 'a service' });

const ofService: About = async (ground) => ({ principal: await service(ground) });

const ofHuman: About = async ({ idOf }) => ({
  principal: await idOf('principal.create', { kind: 'human', name: 'A person' }),
});

const keyed: About = async (ground) => ({
  api_key: await ground.idOf('api_key.create', {
    principal_id: await service(ground),
    name: 'a key',
    scopes: ['execution'],
  }),
});

/** Far away, so that it keeps nobody out. */
const WINDOW = { title: 'A window', severity: 'info', starts_at: '2199-01-01T00:00:00.000Z' };

const planned: About = async ({ idOf }) => ({ maintenance: await idOf('maintenance.create', WINDOW) });

const started: About = async ({ idOf }) => {
  const id = await idOf('maintenance.create', WINDOW);
  return { maintenance: await idOf('maintenance.start', { id }) };
};

const fresh: About = async ({ idOf }) => ({
  workspace: await idOf('workspace.create', { name: 'fresh' }),
});

const bound: About = async ({ idOf, make, agent }) => {
  const workspace = await idOf('workspace.create', { name: 'bound' });
  await make('workspace.bind', { workspace_id: workspace, agent_id: agent });
  return { workspace };
};

const paused: About = async ({ idOf, make }) => {
  const workspace = await idOf('workspace.create', { name: 'paused' });
  await make('workspace.pause', { workspace_id: workspace });
  return { workspace };
};

/** Operations about a project: who is in it, what it has, and how it goes on. */
export const PROJECT_ROWS = {
  'api_key.create': {
    input: ({ principal }) => ({
      principal_id: principal,
      name: 'a key',
      scopes: ['execution'],
      ip_allow: ['127.0.0.0/8'],
      endpoints: ['tool.*'],
    }),
    about: ofService,
  },
  'api_key.endpoints': { input: () => ({ endpoints: ['tool.list'] }), about: keyed },
  'api_key.get': { about: keyed },
  'api_key.ip_filter': { input: () => ({ ip_allow: ['127.0.0.1'] }), about: keyed },
  'api_key.list': { input: ({ principal }) => ({ principal_id: principal }) },
  'api_key.quota': { input: () => ({ per_minute: 1, burst: 1 }), about: keyed },
  'api_key.revoke': { about: keyed },
  'api_key.rotate': { input: () => ({ grace_seconds: 60 }), about: keyed },
  'auth.whoami': PLAIN,
  'error.list': PLAIN,
  'maintenance.cancel': { about: planned },
  'maintenance.complete': { about: started },
  'maintenance.create': { input: () => WINDOW },
  'maintenance.get': { about: planned },
  'maintenance.list': PLAIN,
  'maintenance.start': { about: planned },
  'maintenance.update': { input: () => ({ title: 'x' }), about: planned },
  'principal.create': {
    input: () => ({ kind: 'service', name: 'a service', groups: ['robots'] }),
    humans: HUMANS,
  },
  'principal.get': { about: ofService },
  'principal.list': PLAIN,
  'principal.sign_in_link': { about: ofHuman, humans: HUMANS },
  'principal.update': { input: () => ({ groups: ['robots'] }), about: ofService, humans: HUMANS },
  'project.get': PLAIN,
  'project.pause': { input: because },
  'project.resume': PLAIN,
  'project.top_up': { input: () => ({ credits: 1 }), humans: HUMANS },
  'project.update': { input: () => ({ plan: 'standard' }), humans: HUMANS },
  'usage.report': { input: ({ workspace }) => ({ workspace_id: workspace, group_by: 'tool' }) },
  'workspace.bind': { input: ({ agent }) => ({ agent_id: agent }), about: fresh },
  'workspace.bindings': PLAIN,
  'workspace.create': { input: () => ({ name: 'made', type: 'cluster', model: 'none' }) },
  'workspace.get': PLAIN,
  'workspace.list': PLAIN,
  'workspace.pause': { input: because, about: fresh },
  'workspace.resume': { about: paused },
  'workspace.unbind': { about: bound },
  'workspace.update': {
    input: () => ({ concurrency: { max: 3, per_tool: { demo_echo: 1 }, exclusive_destructive: true } }),
    about: fresh,
  },
} as const satisfies Partial<Record<OperationId, Row>>;
