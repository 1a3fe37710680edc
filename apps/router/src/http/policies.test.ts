import { Policy } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inHttpWorld, refusalOf } from '../testing/http-world.ts';

const PUT = 'PUT /v1/exec/approval-policies';
const MEMBERS = {
  policy_name: 'two of the database people',
  require: ['write', 'destructive', 'irreversible'],
  timeout_seconds_destructive: 60,
  timeout_seconds_irreversible: 120,
  on_timeout_destructive: 'escalate',
  on_timeout_irreversible: 'reject',
  quorum_destructive: { any_of: [{ group: 'dba', count: 2 }] },
  quorum_irreversible: { all_of: [{ group: '*', count: 1 }] },
  allow_self_approval: false,
  require_confirm_irreversible: false,
  decide_with: 'any',
  escalation_chain: [{ stage: 1, groups: ['leads'], timeout_seconds: 300 }],
};

test('policy.put answers the members that it was given, and policy.get the same', () =>
  inHttpWorld(async ({ call, seed }) => {
    const key = seed.keys.operator;
    const answer = await call(PUT, { key, body: { ...MEMBERS, workspace_id: seed.workspace_id } });
    expect(answer.status).toBe(200);
    const set = Policy.parse(await answer.json());
    expect(set).toMatchObject({ ...MEMBERS, workspace_id: seed.workspace_id, version: 1, retired: false });
    expect(set.warnings).toHaveLength(2);
    const path = `/v1/exec/approval-policies/${set.id}`;
    expect(await (await call(`GET ${path}`)).json()).toEqual(set);
    expect(await (await call(`GET ${path}?version=1`)).json()).toEqual({ ...set, warnings: [] });
    expect(await (await call(`DELETE ${path}`, { key })).json()).toMatchObject({ deleted: true });
    expect(await refusalOf(await call(`GET ${path}`))).toMatchObject({
      status: 404,
      code: 'policy_not_found',
    });
  }));

test('policy.get reads the policy of the project as default', () =>
  inHttpWorld(async ({ call, seed }) => {
    const answer = await call('GET /v1/exec/approval-policies/default');
    expect(Policy.parse(await answer.json())).toMatchObject({
      project_id: seed.project_id,
      workspace_id: null,
      policy_name: 'standard',
    });
  }));

test.each([
  [{ preset: 'lax' }, '/preset'],
  [{ require: ['write'] }, '/require'],
  [{ require: ['destructive', 'irreversible', 'everything'] }, '/require/2'],
  [{ timeout_seconds_destructive: 0 }, '/timeout_seconds_destructive'],
  [{ timeout_seconds_irreversible: 604_801 }, '/timeout_seconds_irreversible'],
  [{ on_timeout_destructive: 'approve' }, '/on_timeout_destructive'],
  [{ quorum_destructive: {} }, '/quorum_destructive'],
  [{ quorum_destructive: { any_of: [] } }, '/quorum_destructive/any_of'],
  [{ quorum_irreversible: { all_of: [] } }, '/quorum_irreversible/all_of'],
  [{ quorum_irreversible: { any_of: [{ group: '', count: 1 }] } }, '/quorum_irreversible/any_of/0/group'],
  [{ quorum_irreversible: { any_of: [{ group: 'x', count: 0 }] } }, '/quorum_irreversible/any_of/0/count'],
  [
    { quorum_destructive: { any_of: [{ group: '*', count: 1 }], all_of: [{ group: '*', count: 1 }] } },
    '/quorum_destructive',
  ],
  [{ allow_self_approval: 'yes' }, '/allow_self_approval'],
  [{ decide_with: 'chat' }, '/decide_with'],
  [{ escalation_chain: [{ stage: 2, groups: [], timeout_seconds: 1 }] }, '/escalation_chain/0/stage'],
  [{ escalation_chain: [{ stage: 1, groups: [] }] }, '/escalation_chain/0/timeout_seconds'],
  [{ approve_on_timeout: true }, '/approve_on_timeout'],
])('policy.put refuses %j', (body, param) =>
  inHttpWorld(async ({ call, seed }) => {
    const answer = await call(PUT, { key: seed.keys.operator, body });
    expect(await refusalOf(answer)).toEqual({ status: 400, code: 'invalid_body', param });
  }),
);

test.each([
  ['a service’s key', 'service', {}, 403, 'scope_insufficient'],
  ['a human’s key without management', 'approver', {}, 403, 'scope_insufficient'],
  ['what is no workspace', 'operator', { workspace_id: 'x' }, 400, 'invalid_workspace_id'],
  ['a workspace nobody knows', 'operator', { workspace_id: 'ws_00000000' }, 404, 'workspace_not_found'],
  ['a version nobody has', 'operator', { if_version: 9 }, 409, 'invalid_state'],
] as const)('policy.put refuses %s', (...[, who, body, status, code]) =>
  inHttpWorld(async ({ call, seed }) => {
    expect(await refusalOf(await call(PUT, { key: seed.keys[who], body }))).toMatchObject({ status, code });
  }),
);

test.each(['x', 'pol_000000000000000000000000'])('policy.get does not find %s', (id) =>
  inHttpWorld(async ({ call }) => {
    const answer = await call(`GET /v1/exec/approval-policies/${id}`);
    expect(await refusalOf(answer)).toMatchObject({ status: 404, code: 'policy_not_found' });
  }),
);
