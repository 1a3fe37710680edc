import { ApprovalId, putPolicy } from '@xem/protocol';
import { expect, test } from 'vitest';
import { put } from '../policy/put.ts';
import { update } from '../principal/update.ts';
import { askFor, inWorld, newPerson, rowOf, servingAgent } from '../testing/index.ts';
import { approve } from './approve.ts';
import { get } from './get.ts';

test('the voice of somebody who was disabled since completes no quorum, also once they are enabled', () =>
  inWorld(async (world) => {
    const { operator, approver } = world;
    await servingAgent(world);
    const puppet = await newPerson(world, { name: 'puppet', groups: [] });
    const quorum = { any_of: [{ group: '*', count: 2 }] };
    await put(operator, putPolicy.input.parse({ quorum_destructive: quorum }));
    const asked = await askFor(world, 'demo_effect');
    const id = ApprovalId.parse(asked.approval?.id);
    expect(await approve(puppet, { id })).toMatchObject({ status: 'pending' });
    await update(operator, { id: puppet.actor.id, disabled: true });
    expect(await approve(operator, { id })).toMatchObject({ status: 'pending' });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'pending_approval', attempt: 0 });
    await update(operator, { id: puppet.actor.id, disabled: false });
    const one = { any_of: [{ group: '*', count: 2 }], have: [{ group: '*', count: 1 }] };
    expect(await get(operator, { id })).toMatchObject({ status: 'pending', quorum: one });
    expect(await approve(approver, { id })).toMatchObject({ status: 'approved' });
  }));
