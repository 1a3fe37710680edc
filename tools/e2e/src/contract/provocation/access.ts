import { call, type Answer } from '../../mesh/api.ts';
import type { Ground } from '../ground.ts';
import type { Provocation } from './provocation.ts';

/** Reads who one is with a fresh key of some restrictions, as often as it takes. */
async function whoamiWith({ mesh, make, idOf }: Ground, rights: object, times = 1): Promise<Answer> {
  const principal_id = await idOf('principal.create', { kind: 'service', name: 'restricted' });
  const { value } = await make('api_key.create', {
    principal_id,
    name: 'restricted',
    scopes: ['execution'],
    ...rights,
  });
  const ask = () =>
    call(mesh, { path: '/v1/whoami', as: null, headers: { authorization: `Bearer ${String(value)}` } });
  for (let sent = 1; sent < times; sent += 1) await ask();
  return ask();
}

/** Asks for a call in a project that was changed, and changes it back. */
const afterChange =
  (change: object, back: object): Provocation['ask'] =>
  async ({ mesh, make, workspace }) => {
    await make('project.update', { ...change });
    const body = { workspace_id: workspace, tool: 'demo_echo', args: {} };
    const answer = await call(mesh, { method: 'POST', path: '/v1/exec/invocations', body });
    await make('project.update', { ...back });
    return answer;
  };

/** Codes about who asks, and what may be spent. */
export const ACCESS_PROVOCATIONS = {
  authentication_required: {
    param: null,
    ask: ({ mesh }) => call(mesh, { path: '/v1/whoami', as: null }),
  },
  scope_insufficient: {
    param: null,
    ask: ({ mesh }) => call(mesh, { path: '/v1/exec/tools', as: 'inference' }),
  },
  cross_project_access: {
    param: null,
    ask: ({ mesh }) => call(mesh, { path: `/${mesh.facts.project_id}/v1/whoami`, as: 'other_project' }),
  },
  endpoint_restricted: {
    param: null,
    ask: (ground) => whoamiWith(ground, { endpoints: ['execution.get'] }),
  },
  rate_limit_exceeded: {
    param: null,
    ask: (ground) => whoamiWith(ground, { rate: { per_minute: 1, burst: 1 } }, 3),
  },
  insufficient_quota: {
    param: null,
    ask: afterChange({ tariff: { per_call: 1_000_000, per_second: 0 } }, { tariff: null }),
  },
  billing_delinquent: {
    param: null,
    ask: afterChange({ billing: 'delinquent' }, { billing: 'current' }),
  },
} as const satisfies Record<string, Provocation>;
