import type { ApprovalLink } from '@xem/protocol';
import { expect, test } from 'vitest';
import { revoke } from '../api-key/revoke.ts';
import type { VerbContext } from '../context.ts';
import { changePerson, endKey, throughLink, VISIT } from '../testing/index.ts';
import { inDecisionScene, tokenOf, type DecisionScene } from '../testing/decision-scene.ts';
import { openLink } from './open.ts';
import { resumeLink } from './resume.ts';

test.each<[string, (scene: DecisionScene, link: ApprovalLink) => Promise<unknown>]>([
  ['its key is revoked', ({ world }) => revoke(world.operator, { id: world.approver.keyId })],
  ['its key has ended', ({ world }) => endKey(world, world.approver.keyId)],
  ['its maker is disabled', ({ world }) => changePerson(world, world.approver.actor.id, { disabled: true })],
  [
    'its reviewer is disabled',
    ({ world, reviewer }) => changePerson(world, reviewer.actor.id, { disabled: true }),
  ],
  ['its time is over', ({ world }) => world.clock.advance(900_000)],
  ['it was opened before', ({ world }, { url = '' }) => throughLink(world, url)],
])('approval.link opens nothing once %s', (_, end) =>
  inDecisionScene(async (scene) => {
    const link = await scene.mintBy(scene.world.approver);
    await end(scene, link);
    const opening = openLink(scene.world.services, tokenOf(link), VISIT);
    await expect(opening).rejects.toMatchObject({ code: 'authentication_required' });
  }),
);

test.each<[string, (scene: DecisionScene, by: VerbContext) => Promise<unknown>]>([
  ['its key is revoked', ({ world }) => revoke(world.operator, { id: world.approver.keyId })],
  ['its key has ended', ({ world }) => endKey(world, world.approver.keyId)],
  ['half an hour has gone by', ({ world }) => world.clock.advance(1_800_000)],
  ['its vote was given', ({ approveBy }, by) => approveBy(by, { confirm: 'demo_wipe' })],
])('an opened link is of no more use once %s', (_, end) =>
  inDecisionScene(
    async (scene) => {
      const { services } = scene.world;
      const { token } = await openLink(services, tokenOf(await scene.mintBy(scene.world.approver)), VISIT);
      const { caller } = await resumeLink(services, token);
      await end(scene, { ...scene.world.operator, caller, actor: caller.principal });
      await expect(resumeLink(services, token)).rejects.toMatchObject({ code: 'authentication_required' });
    },
    { tool: 'demo_wipe' },
  ),
);

test('approval.link opens once of two who open it at once, and its session opens nothing as a link', () =>
  inDecisionScene(async ({ world: { services, approver }, mintBy }) => {
    const token = tokenOf(await mintBy(approver));
    const both = await Promise.allSettled([
      openLink(services, token, VISIT),
      openLink(services, token, VISIT),
    ]);
    const opened = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(opened).toHaveLength(1);
    const again = openLink(services, opened[0]?.token ?? '', VISIT);
    await expect(again).rejects.toMatchObject({ code: 'authentication_required' });
  }));

test('approval.link_opened tells whose voice was let in, and from where', () =>
  inDecisionScene(async ({ world: { services, store, approver }, mintBy, reviewer }) => {
    const link = await mintBy(approver);
    await openLink(services, tokenOf(link), VISIT);
    const types = ['approval.link_opened'];
    const [entry] = await store.read.journal.list(approver.projectId, { types }, { limit: 9 });
    expect(entry).toMatchObject({
      actor: { id: reviewer.actor.id, via: { kind: 'link', id: link.id, of: approver.actor.id } },
      key_id: approver.keyId,
      subject: { type: 'approval', id: link.approval_id },
      data: { link_id: link.id, reviewer: { id: reviewer.actor.id }, address: VISIT.address },
    });
  }));
