import { Approval, Policy, Workspace, type Invocation } from '@xem/protocol';
import { beforeEach, expect } from 'vitest';
import { call, codeOf, errorOf, type Role } from '../mesh/api.ts';
import { effectsOf } from '../mesh/effects.ts';
import { approvalOf, ask, decide, read, settled } from '../mesh/invoke.ts';
import { until } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const POLICIES = '/v1/exec/approval-policies';
const EVERYBODY = (count: number) => ({ any_of: [{ group: '*', count }] });

const idOf = ({ approval }: Invocation): string => approval?.id ?? '';
const effect = (as: Role = 'service') => ask(mesh(), { tool: 'demo_effect', as });
const approve = (asked: Invocation, as: Role) => decide(mesh(), idOf(asked), { verb: 'approve', as });

/** Sets the policy of the mesh's workspace. */
async function set(rules: Readonly<Record<string, unknown>>): Promise<Policy> {
  const body = { workspace_id: mesh().facts.workspace_id, ...rules };
  const answer = await call(mesh(), { method: 'PUT', path: POLICIES, body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return Policy.parse(answer.body);
}

/** Puts somebody into groups, and nobody else. */
async function regroup(as: Role, groups: readonly string[]): Promise<void> {
  const { body } = await call(mesh(), { path: '/v1/whoami', as });
  const { principal } = JSON.parse(JSON.stringify(body));
  const path = `/v1/management/principals/${principal.id}`;
  expect((await call(mesh(), { method: 'PATCH', path, body: { groups } })).status).toBe(200);
}

async function pauseWorkspace(verb: 'pause' | 'resume'): Promise<void> {
  const path = `/v1/workspaces/${mesh().facts.workspace_id}/${verb}`;
  Workspace.parse((await call(mesh(), { method: 'POST', path, body: {} })).body);
}

async function expectStale(asked: Invocation): Promise<void> {
  expect(await settled(mesh(), asked.id)).toMatchObject({
    status: 'rejected',
    attempt: 0,
    error: { code: 'approval_stale' },
  });
  expect(effectsOf(mesh(), asked.id)).toEqual([]);
}

beforeEach(async () => {
  await set({ preset: 'standard' });
});

proves(
  'policy.two-persons',
  'one voice is kept, the same person is refused, and a second one lets it run',
  async () => {
    await set({ quorum_destructive: EVERYBODY(2) });
    const asked = await effect();
    const first = await approve(asked, 'operator');
    expect([first.status, Approval.parse(first.body)]).toMatchObject([
      200,
      { status: 'pending', quorum: { have: [{ group: '*', count: 1 }] } },
    ]);
    expect(codeOf(await approve(asked, 'operator'))).toBe('approver_not_eligible');
    expect(await read(mesh(), asked.id)).toMatchObject({ status: 'pending_approval', attempt: 0 });
    expect(effectsOf(mesh(), asked.id)).toEqual([]);
    expect(Approval.parse((await approve(asked, 'approver')).body)).toMatchObject({ status: 'approved' });
    expect(await settled(mesh(), asked.id)).toMatchObject({ status: 'completed' });
    expect(effectsOf(mesh(), asked.id)).toHaveLength(1);
  },
);

proves(
  'policy.two-persons',
  'nobody is one of the two for a call of their own where the policy forbids it',
  async () => {
    const { warnings } = await set({ quorum_destructive: EVERYBODY(2), allow_self_approval: false });
    expect(warnings.join()).toContain('approver');
    const asked = await effect('operator');
    expect(codeOf(await approve(asked, 'operator'))).toBe('approver_not_eligible');
    expect(Approval.parse((await approve(asked, 'approver')).body)).toMatchObject({ status: 'pending' });
    expect(effectsOf(mesh(), asked.id)).toEqual([]);
  },
);

proves(
  'policy.escalation',
  'when a stage is over the next one decides, and those before it do not any more',
  async () => {
    await regroup('approver', ['leads']);
    await set({
      timeout_seconds_destructive: 1,
      escalation_chain: [{ stage: 1, groups: ['leads'], timeout_seconds: 300 }],
    });
    const asked = await effect();
    expect(await approvalOf(mesh(), asked, 'operator')).toMatchObject({
      eligible: true,
      stage: { index: 0, count: 2 },
    });
    await until('the second stage', async () => (await approvalOf(mesh(), asked)).stage.index === 1);
    expect(await approvalOf(mesh(), asked, 'operator')).toMatchObject({
      eligible: false,
      ineligible_reason: 'the present stage is for leads',
    });
    expect(codeOf(await approve(asked, 'operator'))).toBe('approver_not_eligible');
    const decided = Approval.parse((await approve(asked, 'approver')).body);
    expect(decided).toMatchObject({ status: 'approved', decisions: [{ stage: 1, channel: 'rest' }] });
    expect(await settled(mesh(), asked.id)).toMatchObject({ status: 'completed' });
    expect(effectsOf(mesh(), asked.id)).toHaveLength(1);
  },
);

proves('policy.escalation', 'after the last stage the call ends, and nothing ran', async () => {
  await set({
    timeout_seconds_destructive: 1,
    escalation_chain: [{ stage: 1, groups: [], timeout_seconds: 1 }],
  });
  const asked = await effect();
  expect(await settled(mesh(), asked.id)).toMatchObject({
    status: 'rejected',
    error: { code: 'approval_expired' },
  });
  expect(effectsOf(mesh(), asked.id)).toEqual([]);
});

proves('policy.stale', 'changed before the decision, by a new version and by deleting it', async () => {
  const asked = await effect();
  const { id } = await set({ preset: 'elevated' });
  expect(codeOf(await approve(asked, 'approver'))).toBe('approval_stale');
  await expectStale(asked);
  const next = await effect();
  expect((await call(mesh(), { method: 'DELETE', path: `${POLICIES}/${id}` })).status).toBe(200);
  expect(codeOf(await approve(next, 'approver'))).toBe('approval_stale');
  await expectStale(next);
});

proves('policy.stale', 'changed after the decision, while the call waits for its agent', async () => {
  const asked = await effect();
  await pauseWorkspace('pause');
  expect(Approval.parse((await approve(asked, 'approver')).body)).toMatchObject({ status: 'approved' });
  await set({ preset: 'elevated' });
  await pauseWorkspace('resume');
  await expectStale(asked);
});

proves('policy.require', 'a read waits, and runs on its agent once somebody agreed', async () => {
  await set({ require: ['read', 'write', 'destructive', 'irreversible'] });
  const asked = await ask(mesh(), { tool: 'demo_echo', args: { hello: 'mesh' } });
  expect(asked).toMatchObject({ status: 'pending_approval', risk: 'read', attempt: 0 });
  expect(Approval.parse((await approve(asked, 'approver')).body)).toMatchObject({ status: 'approved' });
  expect(await settled(mesh(), asked.id)).toMatchObject({ status: 'completed', attempt: 1 });
});

proves('policy.require', 'rules that leave the destructive out are refused', async () => {
  for (const require of [[], ['write'], ['destructive'], ['irreversible']]) {
    const answer = await call(mesh(), { method: 'PUT', path: POLICIES, body: { require } });
    expect(errorOf(answer)).toMatchObject({ code: 'invalid_body', param: '/require' });
  }
  expect(await effect()).toMatchObject({ status: 'pending_approval' });
});

proves('policy.humans', 'a service changes none, and no human one that lets nobody answer', async () => {
  const body = { workspace_id: mesh().facts.workspace_id, preset: 'restricted' };
  expect(codeOf(await call(mesh(), { method: 'PUT', path: POLICIES, body, as: 'service' }))).toBe(
    'scope_insufficient',
  );
  const nobody = { ...body, quorum_irreversible: { any_of: [{ group: 'nobody', count: 1 }] } };
  const refused = await call(mesh(), { method: 'PUT', path: POLICIES, body: nobody });
  expect([refused.status, codeOf(refused)]).toEqual([409, 'invalid_state']);
  const { body: page } = await call(mesh(), { path: `${POLICIES}?workspace_id=${body.workspace_id}` });
  expect(page).toMatchObject({ data: [{ policy_name: 'standard' }] });
});
