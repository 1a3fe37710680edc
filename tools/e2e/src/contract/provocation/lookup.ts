import { operationOf, writeRequest } from '../../operation/write-request.ts';
import { call } from '../../mesh/api.ts';
import { NOBODY, type Provocation } from './provocation.ts';

const get =
  (id: string, input: Readonly<Record<string, unknown>>): Provocation['ask'] =>
  ({ mesh }) =>
    call(mesh, writeRequest(operationOf(id), input));

const absent = (id: string, input: Readonly<Record<string, unknown>>, param: string | null = null) => ({
  param,
  ask: get(id, input),
});

/** Codes about things that the project of the caller does not have. */
export const LOOKUP_PROVOCATIONS = {
  invocation_not_found: absent('invocation.get', { id: NOBODY.uuid }),
  execution_not_found: absent('execution.get', { id: NOBODY.uuid }),
  approval_not_found: absent('approval.get', { id: NOBODY.uuid }),
  workspace_not_found: absent('workspace.get', { workspace_id: NOBODY.workspace }),
  agent_not_found: absent('agent.get', { id: NOBODY.of('agt') }),
  api_key_not_found: absent('api_key.get', { id: NOBODY.of('key') }),
  join_key_not_found: absent('join_key.revoke', { id: NOBODY.of('jkr') }),
  principal_not_found: absent('principal.get', { id: NOBODY.of('prn') }),
  policy_not_found: absent('policy.get', { id: NOBODY.of('pol') }),
  webhook_not_found: absent('webhook.get', { id: NOBODY.of('whk') }),
  maintenance_not_found: absent('maintenance.get', { id: NOBODY.of('mnt') }),
  workspace_binding_not_found: {
    param: null,
    ask: ({ mesh, workspace }) =>
      call(
        mesh,
        writeRequest(operationOf('workspace.unbind'), {
          workspace_id: workspace,
          agent_id: NOBODY.of('agt'),
        }),
      ),
  },
  manifest_change_not_found: {
    param: null,
    ask: ({ mesh, agent }) =>
      call(
        mesh,
        writeRequest(operationOf('agent.accept_manifest'), {
          id: agent,
          changes: [{ tool: 'demo_echo', new_digest: '0'.repeat(64) }],
        }),
      ),
  },
} as const satisfies Record<string, Provocation>;
