import { expect, test } from 'vitest';
import { revoke } from '../api-key/revoke.ts';
import type { VerbContext } from '../context.ts';
import { create as mintKey } from '../api-key/create.ts';
import { get as getApproval } from '../approval/get.ts';
import { inWorld, onlineAgent, testTool, type TestWorld } from '../testing/index.ts';
import { create } from './create.ts';
import { get } from './get.ts';

const wipe = testTool({ name: 'demo_wipe', risk: 'destructive' });

/** An agent that is enrolled and has no session: what is asked for waits. */
async function idleAgent(world: TestWorld): Promise<void> {
  const workspaces = [world.seed.workspace_id];
  const { agent, arrival } = await onlineAgent(world, { tools: [wipe, testTool()], workspaces });
  world.services.fleet.disconnect(agent.id, arrival.session ?? '');
}

async function ask({ seed }: TestWorld, ctx: VerbContext, tool: string) {
  const { body } = await create(ctx, { workspace_id: seed.workspace_id, tool, args: {} });
  if (body.object !== 'invocation') throw new Error('only a plan came back');
  return body;
}

test('api_key.revoke cancels what the key asked for and still waits, its approvals too', () =>
  inWorld(async (world) => {
    await idleAgent(world);
    const { service, operator } = world;
    const queued = await ask(world, service, 'demo_echo');
    const gated = await ask(world, service, 'demo_wipe');
    expect([queued.status, gated.status]).toEqual(['queued', 'pending_approval']);
    await revoke(operator, { id: service.keyId });
    for (const { id } of [queued, gated]) {
      expect(await get(operator, { id })).toMatchObject({
        status: 'cancelled',
        error: { code: 'requester_revoked' },
        actions: [],
      });
    }
    if (!gated.approval) throw new Error('the gated call has no approval');
    expect(await getApproval(operator, { id: gated.approval.id })).toMatchObject({ status: 'withdrawn' });
    const journal = await world.store.read.journal.list(world.seed.project_id, {}, { limit: 4 });
    expect(journal.map(({ type }) => type).toSorted()).toEqual([
      'api_key.revoked',
      'approval.withdrawn',
      'invocation.cancelled',
      'invocation.cancelled',
    ]);
  }));

test('api_key.revoke leaves alone what another key of the same principal asked for', () =>
  inWorld(async (world) => {
    await idleAgent(world);
    const { operator } = world;
    const draft = { principal_id: operator.actor.id, name: 'second', can_decide: false };
    const { id, value } = await mintKey(operator, { ...draft, scopes: ['execution'] });
    const mine = await ask(world, operator, 'demo_echo');
    const theirs = await ask(world, await world.as(value), 'demo_echo');
    await revoke(operator, { id });
    expect(await get(operator, { id: mine.id })).toMatchObject({ status: 'queued' });
    expect(await get(operator, { id: theirs.id })).toMatchObject({ status: 'cancelled' });
  }));
