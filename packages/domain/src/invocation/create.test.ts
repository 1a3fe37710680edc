import { expect, test } from 'vitest';
import { admissionOf, askFor, inWorld, rowOf, servingAgent, storyOf, TOOLS } from '../testing/index.ts';
import type { TestWorld } from '../testing/index.ts';

const request = ({ seed }: TestWorld, change: object = {}) => ({
  workspace_id: seed.workspace_id,
  tool: 'demo_echo',
  args: {},
  ...change,
});

test('invocation.create gives a call to a free agent in its own transaction', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const asked = await askFor(world, 'demo_echo', { args: { b: 1, a: 2 } });
    expect(asked).toMatchObject({ status: 'queued', attempt: 1, agent_id: agent.id, approval: null });
    expect(JSON.stringify(asked.args)).toBe('{"a":2,"b":1}');
    expect(await storyOf(world, asked)).toEqual([
      'invocation.created',
      'invocation.queued',
      'invocation.dispatched',
    ]);
  }));

test('invocation.create leaves a call queued when every slot is taken', () =>
  inWorld(async (world) => {
    const { arrival } = await servingAgent(world);
    for (let taken = 0; taken < arrival.slots; taken += 1) await askFor(world, 'demo_echo');
    expect(await askFor(world, 'demo_echo')).toMatchObject({ status: 'queued', attempt: 0, agent_id: null });
  }));

test.each(['demo_effect', 'demo_wipe'])(
  'invocation.create lets nothing of %s out before a human has decided',
  (tool) =>
    inWorld(async (world) => {
      await servingAgent(world);
      const asked = await askFor(world, tool);
      expect(asked).toMatchObject({ status: 'pending_approval', attempt: 0, execution_id: null });
      expect(await storyOf(world, asked)).toEqual(['invocation.created', 'approval.requested']);
    }),
);

test('invocation.create takes the strictest risk a name has in the workspace', () =>
  inWorld(async (world) => {
    await servingAgent(world, { name: 'strict', tools: TOOLS });
    const tame = TOOLS.map((tool) => ({ ...tool, risk: 'read' as const }));
    await servingAgent(world, { name: 'tame', tools: tame });
    expect(await askFor(world, 'demo_effect')).toMatchObject({
      risk: 'destructive',
      status: 'pending_approval',
    });
  }));

test('invocation.create answers a known idempotency key with the invocation as it is now', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const ctx = { ...world.service, idempotencyKey: 'k1' };
    const first = await admissionOf(ctx, request(world));
    const [second, third] = await Promise.all([
      admissionOf(ctx, request(world)),
      admissionOf(ctx, request(world)),
    ]);
    expect([first.kind, second.kind, third.kind]).toEqual(['created', 'replayed', 'replayed']);
    expect(second.body).toMatchObject({ id: first.body.object === 'invocation' ? first.body.id : '' });
  }));

test('invocation.create makes one invocation of two requests at once with one idempotency key', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const ctx = { ...world.service, idempotencyKey: 'k1' };
    const both = await Promise.all([admissionOf(ctx, request(world)), admissionOf(ctx, request(world))]);
    expect(both.map(({ kind }) => kind).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'created',
      'replayed',
    ]);
  }));

test('invocation.create with dry_run tells the plan and stores nothing', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const plan = await admissionOf(world.service, request(world, { tool: 'demo_effect', dry_run: true }));
    expect(plan).toMatchObject({
      kind: 'planned',
      body: { decision: 'approval', agents: [agent.id], approvers: { eligible: 2 } },
    });
    expect(await world.store.read.invocations.list(world.service.projectId, {}, { limit: 1 })).toEqual([]);
  }));

test('invocation.create never waits longer than the tool allows', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    expect(await askFor(world, 'demo_echo', { timeout_ms: 10 })).toMatchObject({ timeout_ms: 10 });
    expect(await askFor(world, 'demo_echo', { timeout_ms: 600_000 })).toMatchObject({ timeout_ms: 60_000 });
  }));

test.each([
  { why: 'an unknown workspace', change: { workspace_id: 'ws_00000000' }, code: 'workspace_not_found' },
  { why: 'an unknown tool', change: { tool: 'nope' }, code: 'exec_tool_not_found' },
  { why: 'an unknown agent', change: { agent_id: `agt_${'0'.repeat(24)}` }, code: 'agent_not_found' },
  { why: 'a broken string', change: { args: { text: '\uD800' } }, code: 'invalid_body' },
  { why: 'too large arguments', change: { args: { text: 'x'.repeat(300_000) } }, code: 'payload_too_large' },
])('invocation.create refuses $why with $code', ({ change, code }) =>
  inWorld(async (world) => {
    await servingAgent(world);
    await expect(admissionOf(world.service, request(world, change))).rejects.toMatchObject({ code });
  }),
);

test('invocation.create refuses arguments that the tool does not take, and points at the member', () =>
  inWorld(async (world) => {
    const parameters = {
      type: 'object',
      properties: { seconds: { type: 'number' } },
      additionalProperties: false,
    } as const;
    const [echo] = TOOLS;
    await servingAgent(world, { tools: echo ? [{ ...echo, parameters }] : [] });
    const refuse = (args: object) => expect(admissionOf(world.service, request(world, { args }))).rejects;
    await refuse({ seconds: 'long' }).toMatchObject({ code: 'invalid_body', param: '/args/seconds' });
    await refuse({ minutes: 1 }).toMatchObject({ code: 'invalid_body', param: '/args/minutes' });
  }));

test('invocation.create refuses another body under a known idempotency key', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const ctx = { ...world.service, idempotencyKey: 'k1' };
    await admissionOf(ctx, request(world));
    const other = admissionOf(ctx, request(world, { args: { other: true } }));
    await expect(other).rejects.toMatchObject({
      code: 'exec_idempotency_conflict',
      param: 'Idempotency-Key',
    });
  }));

test('invocation.create finds nothing of another project', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    await expect(admissionOf(world.foreigner, request(world))).rejects.toMatchObject({
      code: 'workspace_not_found',
    });
  }));

test('invocation.create gives its slot back when the transaction fails', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const orders = {
      put: () => {
        throw new Error('the desk is full');
      },
      take: () => null,
    };
    await expect(admissionOf({ ...world.service, orders }, request(world))).rejects.toThrow(
      'the desk is full',
    );
    const asked = await askFor(world, 'demo_echo');
    expect(world.services.fleet.find(agent.id)?.inFlight.size).toBe(1);
    expect((await rowOf(world, asked)).attempt).toBe(1);
  }));
