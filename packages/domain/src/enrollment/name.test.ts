import type { AgentId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { remove } from '../agent/delete.ts';
import { evict } from '../agent/evict.ts';
import { lapse } from '../agent/lapse.ts';
import {
  askFor,
  inConflict,
  inWorld,
  rivals,
  servingAgent,
  testHost,
  testJoinKey,
  type TestWorld,
} from '../testing/index.ts';
import { enroll } from './enroll.ts';

const LEASE_MS = 30_000;

const statusOf = async ({ store }: TestWorld, id: AgentId) => (await store.read.agents.find(id))?.status;

test.each([
  ['evicted', evict],
  ['deleted', remove],
] as const)('enrollment.enroll under the name of an agent that was %s inherits nothing', (_, verb) =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    await verb(world.operator, { id: agent.id });
    const { terms, agent: heir } = await servingAgent(world, { workspaces: [] });
    expect(heir.registrationName).toBe(agent.registrationName);
    expect(terms.bindings).toEqual([]);
    await expect(askFor(world, 'demo_write')).rejects.toMatchObject({ code: 'exec_tool_not_found' });
  }),
);

test('enrollment.enroll lets no third holder in while two have the name', () =>
  inWorld(async (world) => {
    await inConflict(world);
    const manifest = { manifest_version: 1, workspaces: [], tools: [] };
    const body = testHost(world.services).request(
      await testJoinKey(world.operator, { name: 'xem-test' }),
      manifest,
    );
    const { answer } = await enroll(world.services, { body, sourceAddress: null });
    expect(answer).toMatchObject({ ok: false, code: 'agent_name_in_use' });
  }));

test('enrollment.enroll lets no third holder in while both are away either', () =>
  inWorld(async (world) => {
    const { challenger } = await rivals(world);
    await world.clock.advance(LEASE_MS);
    await lapse(world.services, challenger.agent.id);
    const manifest = { manifest_version: 1, workspaces: [], tools: [] };
    const body = testHost(world.services).request(
      await testJoinKey(world.operator, { name: 'xem-test' }),
      manifest,
    );
    const { answer } = await enroll(world.services, { body, sourceAddress: null });
    expect(answer).toMatchObject({
      ok: false,
      code: 'agent_name_in_use',
      message: expect.stringContaining('two holders'),
    });
  }));

test('enrollment.enroll with a key that replaces ends a conflict: both go, and the new one has name and workspaces', () =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await inConflict(world);
    const heir = await servingAgent(world, { key: { name: 'xem-test', replace: true, workspaces: [] } });
    expect(await statusOf(world, incumbent)).toBe('retired');
    expect(await statusOf(world, challenger)).toBe('retired');
    expect(heir.agent.status).toBe('online');
    expect(await askFor(world, 'demo_write')).toMatchObject({ agent_id: heir.agent.id });
  }));
