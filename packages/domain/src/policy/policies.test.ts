import { putPolicy } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inWorld, type TestWorld } from '../testing/index.ts';
import { remove } from './delete.ts';
import { put } from './put.ts';

const nameAt = async ({ services, operator, seed }: TestWorld): Promise<string> =>
  (await services.policies.inForce(operator.projectId, seed.workspace_id)).name;

test('policies.inForce follows every change as soon as it is committed', () =>
  inWorld(async (world) => {
    const { operator, seed } = world;
    const set = (given: object) => put(operator, putPolicy.input.parse(given));
    expect(await nameAt(world)).toBe('standard');
    await set({ preset: 'elevated' });
    expect(await nameAt(world)).toBe('elevated');
    const { id } = await set({ preset: 'restricted', workspace_id: seed.workspace_id });
    expect(await nameAt(world)).toBe('restricted');
    await remove(operator, { id });
    expect(await nameAt(world)).toBe('elevated');
  }));

test('policies.inForce keeps nothing that was read before a change and came back after it', () =>
  inWorld(async (world) => {
    const { services, operator, seed } = world;
    const reading = services.policies.inForce(operator.projectId, seed.workspace_id);
    await put(operator, putPolicy.input.parse({ preset: 'elevated' }));
    await reading;
    expect(await nameAt(world)).toBe('elevated');
  }));

test('policies.inForce asks the store once, and keeps projects apart', () =>
  inWorld(async ({ services, operator, foreigner, seed }) => {
    const { policies } = services;
    const first = await policies.inForce(operator.projectId, seed.workspace_id);
    expect(await policies.inForce(operator.projectId, seed.workspace_id)).toBe(first);
    const other = await policies.inForce(foreigner.projectId, seed.workspace_id);
    expect(other.projectId).toBe(foreigner.projectId);
  }));
