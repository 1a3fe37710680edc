import { HOUR_MS, ApprovalId, putPolicy, type InputOf, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { revoke } from '../api-key/revoke.ts';
import { systemContext, type VerbContext } from '../context.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import { put } from '../policy/put.ts';
import { update } from '../principal/update.ts';
import {
  askFor,
  inWorld,
  newPerson,
  rowOf,
  servingAgent,
  storyOf,
  type TestWorld,
} from '../testing/index.ts';
import { approve } from './approve.ts';
import { get } from './get.ts';
import { reject } from './reject.ts';

const NOT_ELIGIBLE = { code: 'approver_not_eligible' };
const idOf = ({ approval }: Invocation) => ApprovalId.parse(approval?.id);
const set = (ctx: VerbContext, input: InputOf<typeof putPolicy>) => put(ctx, putPolicy.input.parse(input));
const settle = ({ services, operator }: TestWorld, { id }: Invocation) =>
  settleDeadline(systemContext(services, operator.projectId), id);

const CHAIN = [
  { stage: 1, groups: ['leads'], timeout_seconds: 20 },
  { stage: 2, groups: ['*'], timeout_seconds: 30 },
];

/** A call that escalates to the leads after ten seconds, and to everybody after twenty more. */
async function escalating(world: TestWorld) {
  await servingAgent(world);
  const lead = await newPerson(world, { name: 'lead', groups: ['leads'] });
  await set(world.operator, { timeout_seconds_destructive: 10, escalation_chain: CHAIN });
  const asked = await askFor(world, 'demo_effect');
  const eligible = async () => {
    const shown = await get(world.approver, { id: idOf(asked) });
    const forLead = await get(lead, { id: idOf(asked) });
    return { stage: shown.stage.index, approver: shown.eligible, lead: forLead.eligible };
  };
  return { asked, lead, eligible };
}

test('an escalated approval is for the groups of each stage in turn, and ends after the last', () =>
  inWorld(async (world) => {
    const { asked, eligible } = await escalating(world);
    expect(await eligible()).toEqual({ stage: 0, approver: true, lead: true });
    await world.clock.advance(10_000);
    await settle(world, asked);
    expect(await eligible()).toEqual({ stage: 1, approver: false, lead: true });
    await world.clock.advance(20_000);
    await settle(world, asked);
    expect(await eligible()).toEqual({ stage: 2, approver: true, lead: true });
    await world.clock.advance(30_000);
    await settle(world, asked);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'rejected',
      error: { code: 'approval_expired' },
    });
    expect((await storyOf(world, asked)).slice(2)).toEqual([
      'approval.escalated',
      'approval.escalated',
      'approval.expired',
      'invocation.rejected',
    ]);
  }));

test('a stage ends with its time, also before the deadline loop came by', () =>
  inWorld(async (world) => {
    const { asked, lead, eligible } = await escalating(world);
    await world.clock.advance(10_000);
    expect(await eligible()).toEqual({ stage: 1, approver: false, lead: true });
    await expect(approve(world.approver, { id: idOf(asked) })).rejects.toMatchObject(NOT_ELIGIBLE);
    await expect(reject(world.approver, { id: idOf(asked) })).rejects.toMatchObject(NOT_ELIGIBLE);
    expect(await approve(lead, { id: idOf(asked) })).toMatchObject({
      status: 'approved',
      decisions: [{ stage: 1 }],
    });
  }));

test('a router that was down over every stage settles them in order, and nobody decides meanwhile', () =>
  inWorld(async (world) => {
    const { asked, lead } = await escalating(world);
    await world.clock.advance(HOUR_MS);
    await expect(approve(lead, { id: idOf(asked) })).rejects.toMatchObject({ code: 'approval_not_pending' });
    for (const _stage of [...CHAIN, 'end']) await settle(world, asked);
    expect((await storyOf(world, asked)).slice(2)).toEqual([
      'approval.escalated',
      'approval.escalated',
      'approval.expired',
      'invocation.rejected',
    ]);
  }));

test('a voice of the stage before is kept, and the next stage adds to it', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const lead = await newPerson(world, { name: 'lead', groups: ['leads'] });
    const two = { any_of: [{ group: '*', count: 2 }] };
    const rules = { timeout_seconds_destructive: 10, escalation_chain: CHAIN, quorum_destructive: two };
    await set(world.operator, rules);
    const asked = await askFor(world, 'demo_effect');
    expect(await approve(world.approver, { id: idOf(asked) })).toMatchObject({ status: 'pending' });
    await world.clock.advance(10_000);
    await settle(world, asked);
    expect(await approve(lead, { id: idOf(asked) })).toMatchObject({
      status: 'approved',
      decisions: [{ stage: 0 }, { stage: 1 }],
    });
  }));

test('an irreversible call under the standard policy is rejected with its time, and never escalates', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await set(world.operator, { timeout_seconds_irreversible: 10, escalation_chain: CHAIN });
    const asked = await askFor(world, 'demo_wipe');
    expect(await get(world.approver, { id: idOf(asked) })).toMatchObject({ stage: { count: 1 } });
    await world.clock.advance(10_000);
    await settle(world, asked);
    expect(await storyOf(world, asked)).not.toContain('approval.escalated');
    expect(await rowOf(world, asked)).toMatchObject({ status: 'rejected' });
  }));

test('groups count as they are at the vote, and the vote keeps them', () =>
  inWorld(async (world) => {
    const { operator, store } = world;
    await servingAgent(world);
    const stranger = await newPerson(world, { name: 'stranger' });
    const dba = await newPerson(world, { name: 'dba', groups: ['dba'] });
    const other = await newPerson(world, { name: 'other', groups: ['dba'] });
    await set(operator, { quorum_destructive: { all_of: [{ group: 'dba', count: 2 }] } }).catch(
      () => undefined,
    );
    const asked = await askFor(world, 'demo_effect');
    await expect(approve(stranger, { id: idOf(asked) })).rejects.toMatchObject({
      code: 'approver_not_eligible',
      message: 'the policy counts the voices of dba only',
    });
    expect(await approve(dba, { id: idOf(asked) })).toMatchObject({ quorum: { have: [{ count: 1 }] } });
    await update(operator, { id: dba.actor.id, groups: [] });
    expect(await approve(other, { id: idOf(asked) })).toMatchObject({ status: 'approved' });
    const row = await store.read.approvals.get(operator.projectId, idOf(asked));
    expect(row?.decisions.map(({ groups }) => groups)).toEqual([['dba'], ['dba']]);
  }));

test('a decision is refused whose key was revoked after the request was let in', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const asked = await askFor(world, 'demo_effect');
    await revoke(world.operator, { id: world.approver.keyId });
    for (const decide of [approve, reject])
      await expect(decide(world.approver, { id: idOf(asked) })).rejects.toMatchObject({
        code: 'authentication_required',
      });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'pending_approval', attempt: 0 });
  }));
