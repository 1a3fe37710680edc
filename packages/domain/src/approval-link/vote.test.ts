import { expect, test } from 'vitest';
import { approve } from '../approval/approve.ts';
import { get } from '../approval/get.ts';
import { reject } from '../approval/reject.ts';
import { cancel } from '../invocation/cancel.ts';
import { askFor, changePerson, newPerson, rowOf, throughLink, underRules } from '../testing/index.ts';
import { approvalIdOf, BY_TWO, inDecisionScene, tokenOf } from '../testing/decision-scene.ts';
import { list } from './list.ts';
import { mint } from './mint.ts';

const NOT_ELIGIBLE = { code: 'approver_not_eligible' };

test('approval.link lets its reviewer decide once, as a vote that names link and minter', () =>
  inDecisionScene(async ({ world, asked, reviewer, mintBy, approveBy }) => {
    const link = await mintBy(world.approver);
    expect(link).toMatchObject({ status: 'active', reviewer: { name: 'reviewer' }, groups: [] });
    expect(link.url).toMatch(/^http:\/\/127\.0\.0\.1:8787\/approve\/[\w-]{43}$/);
    const by = await throughLink(world, link.url ?? '');
    const via = { kind: 'link', id: link.id, of: world.approver.actor.id };
    expect(await approveBy(by, { note: 'seen' })).toMatchObject({
      status: 'approved',
      decided_by: { id: reviewer.actor.id, name: 'reviewer', via },
      decisions: [{ channel: 'link', note: 'seen', decided_by: { via } }],
    });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', attempt: 1 });
    expect((await list(world.approver, { id: approvalIdOf(asked), limit: 9 })).data).toMatchObject([
      { id: link.id, status: 'used', used_at: '2026-01-01T00:00:00.000Z' },
    ]);
  }));

test('approval.link is in the journal without its token, which is kept nowhere', () =>
  inDecisionScene(async ({ world, asked, mintBy }) => {
    const link = await mintBy(world.approver);
    const by = await throughLink(world, link.url ?? '');
    await reject(by, { id: approvalIdOf(asked), reason: 'no' });
    const { store, operator, logged } = world;
    const story = await store.read.journal.ofInvocation(operator.projectId, asked.id, 0);
    expect(story.map(({ type }) => type)).toContain('approval.link_created');
    const rows = await store.read.approvalLinks.ofApproval(operator.projectId, approvalIdOf(asked));
    expect(JSON.stringify([story, rows, logged])).not.toContain(tokenOf(link));
  }));

test('approval.link answers no token again', () =>
  inDecisionScene(async ({ world, asked, mintBy }) => {
    const [first, second] = [await mintBy(world.approver), await mintBy(world.approver)];
    const page = await list(world.service, { id: approvalIdOf(asked), limit: 1 });
    expect(page).toMatchObject({ data: [{ id: second.id }], has_more: true });
    const rest = await list(world.service, {
      id: approvalIdOf(asked),
      limit: 1,
      after: page.next_cursor ?? '',
    });
    expect(rest).toMatchObject({ data: [{ id: first.id, status: 'active' }], has_more: false });
    expect(JSON.stringify([page, rest])).not.toMatch(/"url"|approve\//);
  }));

test.each([
  ['the reviewer', 'reviewer'],
  ['the minter', 'minter'],
] as const)('approval.link is used up by a vote of %s', (_, first) =>
  inDecisionScene(
    async ({ world, reviewer, mintBy, approveBy }) => {
      const by = await throughLink(world, (await mintBy(world.approver)).url ?? '');
      await approveBy(first === 'reviewer' ? reviewer : world.approver);
      await expect(approveBy(by)).rejects.toMatchObject(NOT_ELIGIBLE);
    },
    { rules: BY_TWO },
  ),
);

test('approval.link uses up the votes of both its reviewer and its minter', () =>
  inDecisionScene(
    async ({ world, reviewer, mintBy, approveBy }) => {
      const by = await throughLink(world, (await mintBy(world.approver)).url ?? '');
      expect(await approveBy(by)).toMatchObject({ status: 'pending', quorum: { have: [{ count: 1 }] } });
      for (const again of [by, reviewer, world.approver])
        await expect(approveBy(again)).rejects.toMatchObject(NOT_ELIGIBLE);
      expect(await approveBy(world.operator)).toMatchObject({ status: 'approved' });
    },
    { rules: BY_TWO },
  ));

test('approval.link counts one vote when it is sent in twice at once', () =>
  inDecisionScene(
    async ({ world, asked, mintBy, approveBy }) => {
      const by = await throughLink(world, (await mintBy(world.approver)).url ?? '');
      const both = await Promise.allSettled([approveBy(by), approveBy(by)]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await get(world.approver, { id: approvalIdOf(asked) })).toMatchObject({
        decisions: [{ channel: 'link' }],
      });
    },
    { rules: BY_TWO },
  ));

const ONE_OF_OPS = { any_of: [{ group: 'ops', count: 1 }] };

test('approval.link carries the groups of its minter, and only those they still have', () =>
  inDecisionScene(
    async ({ world, asked, reviewer, approveBy }) => {
      const ops = await newPerson(world, { name: 'ops', groups: ['ops'] });
      const link = await mint(ops, { id: approvalIdOf(asked), reviewer: reviewer.actor.id });
      expect(link.groups).toEqual(['ops']);
      const by = await throughLink(world, link.url ?? '');
      await changePerson(world, ops.actor.id, { groups: [] });
      await expect(approveBy(by)).rejects.toMatchObject(NOT_ELIGIBLE);
      await changePerson(world, ops.actor.id, { groups: ['ops'] });
      expect(await approveBy(by)).toMatchObject({ status: 'approved' });
    },
    { rules: { quorum: { destructive: ONE_OF_OPS, irreversible: ONE_OF_OPS } } },
  ));

test('approval.link needs the name of an irreversible tool typed back', () =>
  inDecisionScene(
    async ({ world, mintBy, approveBy }) => {
      const by = await throughLink(world, (await mintBy(world.approver)).url ?? '');
      await expect(approveBy(by)).rejects.toMatchObject({ code: 'confirmation_required' });
      expect(await approveBy(by, { confirm: 'demo_wipe' })).toMatchObject({ status: 'approved' });
    },
    { tool: 'demo_wipe' },
  ));

test('a vote by link is refused after the call was cancelled, changed, or given to another approval', () =>
  inDecisionScene(async ({ world, asked, mintBy, approveBy }) => {
    const by = await throughLink(world, (await mintBy(world.approver)).url ?? '');
    const other = await askFor(world, 'demo_effect');
    await expect(approve(by, { id: approvalIdOf(other) })).rejects.toMatchObject(NOT_ELIGIBLE);
    await cancel(world.service, { id: asked.id });
    await expect(approveBy(by)).rejects.toMatchObject({ code: 'approval_not_pending' });
    const late = mint(world.approver, { id: approvalIdOf(other), reviewer: world.operator.actor.id });
    const stale = await throughLink(world, (await late).url ?? '');
    await underRules(world, { timeoutSeconds: { destructive: 5, irreversible: 5 } });
    await expect(approve(stale, { id: approvalIdOf(other) })).rejects.toMatchObject({
      code: 'approval_stale',
    });
    expect(await rowOf(world, other)).toMatchObject({ status: 'rejected', attempt: 0 });
  }));
