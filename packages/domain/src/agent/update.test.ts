import { expect, test } from 'vitest';
import { inWorld, servingAgent } from '../testing/index.ts';
import { events } from './events.ts';
import { update } from './update.ts';

test('agent.update says where an agent is, and takes it back; the same again changes nothing', () =>
  inWorld(async (world) => {
    const { operator } = world;
    const { id } = (await servingAgent(world)).agent;
    expect(await update(operator, { id, region: 'eu' })).toMatchObject({ region: 'eu' });
    await update(operator, { id, region: 'eu' });
    expect(await update(operator, { id, region: null })).toMatchObject({ region: null });
    const { data } = await events(operator, { id, limit: 20 });
    expect(data.filter(({ type }) => type === 'agent.updated').map((entry) => entry.data)).toEqual([
      { region: null, before: 'eu' },
      { region: 'eu', before: null },
    ]);
  }));

test('agent.events lists what happened to one agent, newest first, page by page', () =>
  inWorld(async (world) => {
    const { operator } = world;
    const { id } = (await servingAgent(world)).agent;
    await servingAgent(world, { name: 'another' });
    for (const region of ['a', 'b', 'c']) await update(operator, { id, region });
    const first = await events(operator, { id, limit: 2 });
    expect(first.data.map((entry) => entry.data['region'])).toEqual(['c', 'b']);
    const rest = await events(operator, { id, limit: 20, after: first.next_cursor ?? '' });
    expect(rest.data.map(({ type }) => type)).toEqual(['agent.updated', 'agent.online', 'agent.enrolled']);
    expect(rest.has_more).toBe(false);
  }));

test.each([
  ['a service that may execute', 'service', 'scope_insufficient'],
  ['a key that may only infer', 'inference', 'scope_insufficient'],
  ['another project', 'foreigner', 'agent_not_found'],
] as const)('agent.events is refused to %s', (_who, who, code) =>
  inWorld(async (world) => {
    const { id } = (await servingAgent(world)).agent;
    await expect(events(world[who], { id, limit: 20 })).rejects.toMatchObject({ code });
  }),
);

test('agent.events refuses a cursor of another agent', () =>
  inWorld(async (world) => {
    const { id } = (await servingAgent(world)).agent;
    const other = (await servingAgent(world, { name: 'another' })).agent;
    const page = await events(world.operator, { id, limit: 1 });
    const after = page.next_cursor ?? '';
    await expect(events(world.operator, { id: other.id, limit: 1, after })).rejects.toMatchObject({
      code: 'invalid_body',
    });
  }));
