import { ExecutionId } from '@xem/protocol';
import { expect, test } from 'vitest';
import {
  askFor,
  attemptOf,
  end,
  inWorld,
  onlineAgent,
  rowOf,
  servingAgent,
  start,
  testTool,
  type TestWorld,
} from '../testing/index.ts';
import { rerun } from './rerun.ts';

/** A call that ran to its end, and its attempt. */
async function ended(world: TestWorld, tool = 'demo_echo') {
  const asked = await askFor(world, tool, { args: { word: 'again' }, reason: 'the first time' });
  const { executionId } = attemptOf(asked);
  await start(world, asked);
  await end(world, asked);
  return { asked, executionId };
}

test('execution.rerun asks for the same call as a new invocation', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { asked, executionId } = await ended(world);
    const { kind, body } = await rerun(world.operator, { id: executionId });
    if (body.object !== 'invocation') throw new Error('only a plan came back');
    expect({ kind, ...body }).toMatchObject({
      kind: 'created',
      tool: asked.tool,
      args: asked.args,
      args_sha256: asked.args_sha256,
      rerun_of: executionId,
      surface: 'rerun',
      requested_by: { id: world.operator.caller.principal.id },
      reason: null,
    });
    expect(body.id).not.toBe(asked.id);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'completed' });
  }));

test('execution.rerun of a tool that has become dangerous waits for a human', () =>
  inWorld(async (world) => {
    const workspaces = [world.seed.workspace_id];
    await servingAgent(world);
    const { executionId } = await ended(world);
    const tools = [testTool({ name: 'demo_echo', risk: 'destructive' })];
    await onlineAgent(world, { name: 'xem-stricter', tools, workspaces });
    const { body } = await rerun(world.service, { id: executionId });
    expect(body).toMatchObject({ status: 'pending_approval', risk: 'destructive' });
  }));

test('execution.rerun refuses a tool that nobody publishes any more', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const { executionId } = await ended(world);
    world.services.fleet.depart(agent.id);
    await expect(rerun(world.service, { id: executionId })).rejects.toMatchObject({
      code: 'exec_tool_not_found',
    });
  }));

test("execution.rerun does not know another project's execution, nor one that never was", () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { executionId } = await ended(world);
    const never = ExecutionId.parse('00000000-0000-7000-8000-000000000000');
    for (const [ctx, id] of [
      [world.foreigner, executionId],
      [world.operator, never],
    ] as const) {
      await expect(rerun(ctx, { id })).rejects.toMatchObject({ code: 'execution_not_found' });
    }
  }));

test('execution.rerun answers one new invocation for one idempotency key', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { executionId } = await ended(world);
    const ctx = { ...world.service, idempotencyKey: 'again-1' };
    const first = await rerun(ctx, { id: executionId });
    const second = await rerun(ctx, { id: executionId });
    expect([first.kind, second.kind]).toEqual(['created', 'replayed']);
    expect(second.body).toMatchObject({ object: 'invocation', rerun_of: executionId });
  }));

test('execution.rerun refuses a key that may not execute', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const { executionId } = await ended(world);
    await expect(rerun(world.inference, { id: executionId })).rejects.toMatchObject({
      code: 'scope_insufficient',
    });
  }));
