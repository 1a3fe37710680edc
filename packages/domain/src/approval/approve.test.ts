import { ApprovalId, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import type { VerbContext } from '../context.ts';
import { cancel } from '../invocation/cancel.ts';
import { settleDeadline } from '../invocation/settle-deadline.ts';
import { systemContext } from '../context.ts';
import { askFor, inWorld, rowOf, servingAgent, storyOf, type TestWorld } from '../testing/index.ts';
import { approve } from './approve.ts';
import { get } from './get.ts';
import { reject } from './reject.ts';

const idOf = ({ approval }: Invocation) => ApprovalId.parse(approval?.id);
const approveBy = (ctx: VerbContext, asked: Invocation, more: object = {}) =>
  approve(ctx, { id: idOf(asked), ...more });

const waiting = async (world: TestWorld, tool = 'demo_effect'): Promise<Invocation> => {
  await servingAgent(world);
  return askFor(world, tool);
};

test('approval.approve lets the call run, on exactly one attempt', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    expect(await approveBy(world.approver, asked, { note: 'fine' })).toMatchObject({
      status: 'approved',
      decision_note: 'fine',
      decisions: [{ decision: 'approve', channel: 'rest' }],
    });
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'queued',
      attempt: 1,
      approval: { status: 'approved' },
    });
    expect((await storyOf(world, asked)).slice(2)).toEqual([
      'approval.approved',
      'invocation.queued',
      'invocation.dispatched',
    ]);
  }));

test('approval.approve lets one of two deciders at once win', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    const both = await Promise.allSettled([
      approveBy(world.approver, asked),
      reject(world.operator, { id: idOf(asked) }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'approval_not_pending' },
    });
  }));

test('approval.approve refuses a service, and leaves the approval pending', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    await expect(approveBy(world.service, asked)).rejects.toMatchObject({ code: 'approver_not_eligible' });
    expect(await get(world.approver, { id: idOf(asked) })).toMatchObject({
      status: 'pending',
      eligible: true,
    });
  }));

test.each([undefined, 'demo_effect', 'DEMO_WIPE'])(
  'approval.approve of an irreversible call refuses confirm %s',
  (confirm) =>
    inWorld(async (world) => {
      const asked = await waiting(world, 'demo_wipe');
      await expect(approveBy(world.approver, asked, { confirm })).rejects.toMatchObject({
        code: 'confirmation_required',
      });
      expect(await rowOf(world, asked)).toMatchObject({ status: 'pending_approval', attempt: 0 });
    }),
);

test('approval.approve of an irreversible call takes the tool’s name', () =>
  inWorld(async (world) => {
    const asked = await waiting(world, 'demo_wipe');
    expect(await approveBy(world.approver, asked, { confirm: 'demo_wipe' })).toMatchObject({
      status: 'approved',
    });
  }));

test('approval.approve settles a call that is not the one shown, and runs nothing', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    const shown = { call_sha256: '0'.repeat(64) };
    await expect(approveBy(world.approver, asked, shown)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'rejected',
      attempt: 0,
      error: { code: 'approval_stale' },
    });
  }));

test('approval.approve settles a call whose policy has a newer version', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    const policy = await world.store.read.policies.inForce(world.operator.projectId, null);
    if (policy)
      await world.store.transact((tx) => tx.policies.insert({ ...policy, version: policy.version + 1 }));
    await expect(approveBy(world.approver, asked)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await storyOf(world, asked)).not.toContain('invocation.dispatched');
  }));

test('approval.approve refuses what was cancelled', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    await cancel(world.service, { id: asked.id });
    await expect(approveBy(world.approver, asked)).rejects.toMatchObject({ code: 'approval_not_pending' });
    expect(await get(world.approver, { id: idOf(asked) })).toMatchObject({ status: 'withdrawn' });
  }));

test('approval.approve refuses what has expired, also before the deadline loop came by', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    await world.clock.advance(900_000);
    await expect(approveBy(world.approver, asked)).rejects.toMatchObject({ code: 'approval_not_pending' });
    await settleDeadline(systemContext(world.services, world.operator.projectId), asked.id);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'rejected',
      error: { code: 'approval_expired' },
    });
  }));

test('approval.approve does not find another project’s approval', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    await expect(approveBy(world.foreigner, asked)).rejects.toMatchObject({ code: 'approval_not_found' });
  }));

test('approval.reject ends the call with the reason, and nothing runs', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    await reject(world.approver, { id: idOf(asked), reason: 'not on a Friday' });
    const row = await rowOf(world, asked);
    expect(row).toMatchObject({ status: 'rejected', attempt: 0, error: { code: 'approval_rejected' } });
    expect(row.error?.message).toContain('not on a Friday');
  }));

test('a decision tells the journal whose it was and what they said, however it is written', () =>
  inWorld(async (world) => {
    const asked = await waiting(world);
    await approveBy(world.approver, asked, { note: '\u0001😀'.repeat(660) });
    const { projectId } = world.operator;
    const story = await world.store.read.journal.ofInvocation(projectId, asked.id, 0);
    const entry = story.find(({ type }) => type === 'approval.approved');
    expect(entry?.data).toMatchObject({
      decided_by: { name: 'approver' },
      channel: 'rest',
      note: `${'\u0001😀'.repeat(166)}\u0001\uFFFD`,
    });
  }));

test('approval.approve keeps the moment at which it was judged: what was in time is told to have been in time', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const kept = [];
    for (let early = 1; early <= 12; early += 1) {
      const asked = await askFor(world, 'demo_effect');
      const end = Date.parse(asked.approval?.expires_at ?? '');
      let now = end - early;
      const clock = { ...world.clock, now: () => now++ };
      await approveBy({ ...world.approver, clock }, asked).catch(() => null);
      const row = await world.store.read.approvals.get(world.operator.projectId, idOf(asked));
      if (row?.status === 'approved') kept.push((row.decidedAt ?? end) < end);
    }
    expect(kept.length).toBeGreaterThan(0);
    expect(kept).not.toContain(false);
  }));
