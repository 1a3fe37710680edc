import { ApprovalId, listTools, putPolicy, type InputOf } from '@xem/protocol';
import { expect, test } from 'vitest';
import { approve } from '../approval/approve.ts';
import { get as getApproval } from '../approval/get.ts';
import { systemContext, type VerbContext } from '../context.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import {
  admissionOf,
  askFor,
  inWorld,
  newPerson,
  rowOf,
  servingAgent,
  type TestWorld,
} from '../testing/index.ts';
import { list as toolsOf } from '../tool/list.ts';
import { put } from './put.ts';

type Rules = InputOf<typeof putPolicy>;

const set = (ctx: VerbContext, rules: Rules) => put(ctx, putPolicy.input.parse(rules));

/** What a dry run says of a call. */
async function planOf({ seed }: TestWorld, ctx: VerbContext, tool: string) {
  const { kind, body } = await admissionOf(ctx, {
    workspace_id: seed.workspace_id,
    tool,
    args: {},
    dry_run: true,
  });
  if (kind !== 'planned') throw new Error('it was to be planned');
  return { decision: body.decision, eligible: body.approvers?.eligible };
}

const DBA = { any_of: [{ group: 'dba', count: 1 }] };

test.each<[string, Rules, number, number]>([
  ['everybody may decide', {}, 3, 3],
  ['a group may decide', { quorum_destructive: DBA }, 1, 1],
  ['nobody may decide their own call', { allow_self_approval: false }, 2, 3],
  [
    'one of a group and one of all may decide',
    { quorum_destructive: { all_of: [...DBA.any_of, { group: '*', count: 1 }] } },
    3,
    3,
  ],
  ['a group of nobody may decide', { quorum_destructive: { any_of: [{ group: 'x', count: 1 }] } }, 0, 0],
])('a plan counts those whose voice would count when %s', (...[, rules, forOperator, forService]) =>
  inWorld(async (world) => {
    await servingAgent(world);
    await newPerson(world, { name: 'dba', groups: ['dba'] });
    await set(world.operator, rules);
    const approval = { decision: 'approval' };
    expect(await planOf(world, world.operator, 'demo_effect')).toEqual({
      ...approval,
      eligible: forOperator,
    });
    expect(await planOf(world, world.service, 'demo_effect')).toEqual({ ...approval, eligible: forService });
  }),
);

test('a policy makes lesser risks wait where it is in force, and they run once somebody agreed', () =>
  inWorld(async (world) => {
    const { operator, approver, service, seed } = world;
    await servingAgent(world);
    const gated = async (filter: InputOf<typeof listTools>) =>
      (await toolsOf(service, listTools.input.parse(filter))).data
        .filter((tool) => tool.requires_approval)
        .map(({ name }) => name);
    const place = { workspace_id: seed.workspace_id };
    await set(operator, { ...place, require: ['write', 'destructive', 'irreversible'] });
    const always = ['demo_effect', 'demo_wipe'];
    expect(await gated(place)).toEqual(['demo_again', ...always, 'demo_write']);
    expect(await gated({})).toEqual(always);
    expect(await planOf(world, service, 'demo_write')).toMatchObject({ decision: 'approval' });
    expect(await planOf(world, service, 'demo_echo')).toMatchObject({ decision: 'run' });
    const asked = await askFor(world, 'demo_write');
    expect(asked).toMatchObject({ status: 'pending_approval', attempt: 0 });
    await approve(approver, { id: ApprovalId.parse(asked.approval?.id) });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', attempt: 1 });
  }));

test('a policy may do without the name typed back', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await set(world.operator, { require_confirm_irreversible: false });
    const asked = await askFor(world, 'demo_wipe');
    const id = ApprovalId.parse(asked.approval?.id);
    expect(await getApproval(world.approver, { id })).toMatchObject({ confirm_required: false });
    expect(await approve(world.approver, { id })).toMatchObject({ status: 'approved' });
  }));

test.each([
  ['demo_effect', 'reject', 1],
  ['demo_effect', 'escalate', 2],
  ['demo_wipe', 'reject', 1],
  ['demo_wipe', 'escalate', 2],
] as const)('a call of %s whose time is over and is to %s has %d stages', (...[tool, onTimeout, stages]) =>
  inWorld(async (world) => {
    await servingAgent(world);
    await set(world.operator, {
      on_timeout_destructive: onTimeout,
      on_timeout_irreversible: onTimeout,
      timeout_seconds_destructive: 5,
      timeout_seconds_irreversible: 5,
      escalation_chain: [{ stage: 1, groups: [], timeout_seconds: 5 }],
    });
    const asked = await askFor(world, tool);
    const id = ApprovalId.parse(asked.approval?.id);
    expect(await getApproval(world.approver, { id })).toMatchObject({ stage: { count: stages } });
    await world.clock.advance(5000);
    await settleDeadline(systemContext(world.services, world.operator.projectId), asked.id);
    const status = stages === 1 ? 'rejected' : 'pending_approval';
    expect(await rowOf(world, asked)).toMatchObject({ status });
  }),
);
