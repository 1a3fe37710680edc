import { call } from '../../mesh/api.ts';
import { NOBODY, type Provocation } from './provocation.ts';

const INVOCATIONS = '/v1/exec/invocations';

const asking =
  (change: Readonly<Record<string, unknown>>): Provocation['ask'] =>
  ({ mesh, workspace }) =>
    call(mesh, {
      method: 'POST',
      path: INVOCATIONS,
      body: { workspace_id: workspace, tool: 'demo_echo', args: {}, ...change },
    });

const conflict: Provocation['ask'] = async (ground) => {
  const headers = { 'idempotency-key': 'the same key' };
  const ask = (n: number) =>
    call(ground.mesh, {
      method: 'POST',
      path: INVOCATIONS,
      headers,
      body: { workspace_id: ground.workspace, tool: 'demo_echo', args: { n } },
    });
  await ask(1);
  return ask(2);
};

/** Codes about the request as it came in. */
export const REQUEST_PROVOCATIONS = {
  invalid_body: { param: '/surprise', ask: asking({ surprise: 1 }) },
  exec_idempotency_conflict: { param: 'Idempotency-Key', ask: conflict },
  missing_workspace_id: { param: '/workspace_id', ask: asking({ workspace_id: undefined }) },
  invalid_workspace_id: { param: '/workspace_id', ask: asking({ workspace_id: NOBODY.uuid }) },
  payload_too_large: { param: '/args', ask: asking({ args: { text: 'x'.repeat(300_000) } }) },
  exec_tool_not_found: { param: '/tool', ask: asking({ tool: 'nobody_has_this' }) },
  project_mismatch: { param: '/project_id', ask: asking({ project_id: NOBODY.of('prj') }) },
  route_not_found: { param: null, ask: ({ mesh }) => call(mesh, { path: '/v1/no/such/route' }) },
  method_not_allowed: {
    param: null,
    ask: ({ mesh }) => call(mesh, { method: 'DELETE', path: '/v1/whoami' }),
  },
} as const satisfies Record<string, Provocation>;
