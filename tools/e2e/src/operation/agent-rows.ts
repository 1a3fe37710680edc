import type { OperationId } from '@xem/client';
import { because, HUMANS, PLAIN, type About, type Row } from './row.ts';

const spare: About = async ({ spare: make }) => ({ agent: await make() });

const paused: About = async ({ make, spare: add }) => {
  const agent = await add();
  await make('agent.pause', { id: agent });
  return { agent };
};

/** Operations about agents, and the keys they join with. */
export const AGENT_ROWS = {
  'agent.accept_manifest': {
    input: () => ({ changes: [{ tool: 'x', new_digest: '0'.repeat(64) }] }),
    humans: HUMANS,
    elsewhere: 'a change of a manifest has to wait',
  },
  'agent.ban': { input: because, about: spare },
  'agent.connectivity': PLAIN,
  'agent.curve_rotate': PLAIN,
  'agent.delete': { about: spare },
  'agent.environment': PLAIN,
  'agent.events': { notFor: 'inference' },
  'agent.evict': { input: because, about: spare },
  'agent.get': PLAIN,
  'agent.list': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'agent.manifest': PLAIN,
  'agent.pause': { input: because, about: spare },
  'agent.resolve_conflict': {
    input: () => ({ keep: 'incumbent' }),
    humans: HUMANS,
    elsewhere: 'two agents have to come under one name',
  },
  'agent.resume': { about: paused },
  'agent.revoke_credentials': { input: because, about: spare },
  'agent.update': { input: () => ({ region: 'eu' }), about: spare },
  'join_key.create': { input: ({ workspace }) => ({ name: 'somebody', workspaces: [workspace] }) },
  'join_key.list': PLAIN,
  'join_key.revoke': { about: async ({ idOf }) => ({ join_key: await idOf('join_key.create', {}) }) },
} as const satisfies Partial<Record<OperationId, Row>>;
